import { COLORS } from "../buttons";
import { element, setFlag } from "../element";
import { pressable } from "../pressable";
import { Attributes } from "./attributes";
import type { Control, ControlHost } from "./control";
import { type Field, type Option, optionsOf } from "./field";

/** A row of buttons. The value is the index of the one that was pressed last. */
export function actionsControl(field: Field, host: ControlHost): Control {
  const shown = element("div", "nbsession-buttons nbsession-actions");
  const attributes = new Attributes(shown);
  let buttons: HTMLButtonElement[] = [];
  let options: Option[] = [];
  let pressed: number | null = null;
  let drawn = "";
  let disabled = false;
  let locked = false;

  const press = (index: number) => {
    const type = options[index]?.type;
    pressed = index;
    host.pressed(type === "reset" || type === "cancel" ? type : "submit");
  };
  const apply = () => {
    for (const [index, each] of buttons.entries())
      each.disabled = disabled || locked || options[index]?.disabled === true;
  };
  const update = (changed: Field) => {
    attributes.update(changed.attributes);
    options = optionsOf(changed.buttons);
    const now = JSON.stringify(options);
    if (now !== drawn) {
      drawn = now;
      const focused = buttons.indexOf(document.activeElement as HTMLButtonElement);
      buttons = options.map((option, index) => {
        const made = element("button", `nbsession-button ${lookOf(option)}`, option.label);
        made.dataset.type = option.type || "submit";
        pressable(made, () => press(index));
        return made;
      });
      shown.replaceChildren(...buttons);
      buttons[focused]?.focus();
      if (pressed !== null && pressed >= buttons.length) pressed = null;
    }
    disabled = changed.disabled === true || changed.readonly === true;
    apply();
  };
  update(field);
  return {
    element: shown,
    target: null,
    invalids: [],
    read: () => pressed,
    write: (value) => {
      pressed = typeof value === "number" && value in buttons ? value : null;
    },
    update,
    lock: (now) => {
      locked = now;
      apply();
    },
    fault: () => "",
    focus: () => buttons.find((each) => !each.disabled)?.focus(),
    wait: (waiting) => {
      for (const [index, each] of buttons.entries()) {
        setFlag(each, "aria-disabled", waiting && options[index]?.type !== "cancel");
        setFlag(each, "aria-busy", waiting && index === pressed);
      }
    },
    again: () => {
      pressed = null;
    },
  };
}

function lookOf({ color, type }: Option): string {
  if (COLORS.has(color)) return `nbsession-color-${color}`;
  return type === "reset" || type === "cancel" ? "nbsession-quiet" : "nbsession-color-primary";
}
