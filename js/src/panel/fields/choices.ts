import { element } from "../element";
import { Attributes } from "./attributes";
import type { Control, ControlHost } from "./control";
import { faultOf } from "./fault";
import { type Field, indicesOf, optionsOf } from "./field";
import { newId } from "./names";

const NONE = "Please select at least one of these options.";

/** Options beside one another or one below the other: check boxes, or radio buttons. */
export function choicesControl(field: Field, host: ControlHost): Control {
  const type = field.type === "radio" ? "radio" : "checkbox";
  const shown = element("div", "nbsession-choices");
  const attributes = new Attributes(shown);
  const name = newId();
  let inputs: HTMLInputElement[] = [];
  let off: boolean[] = [];
  let drawn = "";
  let required = false;
  let disabled = false;
  let locked = false;

  shown.addEventListener("change", () => host.changed(false));

  const read = () => inputs.flatMap((each, index) => (each.checked ? [index] : []));
  const write = (value: unknown) => {
    const chosen = indicesOf(value);
    for (const [index, each] of inputs.entries()) each.checked = chosen.has(index);
  };
  const apply = () => {
    for (const [index, each] of inputs.entries()) {
      each.disabled = disabled || locked || off[index] === true;
      each.required = required && type === "radio";
    }
  };
  const update = (changed: Field) => {
    attributes.update(changed.attributes);
    shown.classList.toggle("nbsession-choices-inline", changed.inline === true);
    const options = optionsOf(changed.options);
    const now = JSON.stringify(options);
    if (now !== drawn) {
      drawn = now;
      const chosen = read();
      const focused = inputs.indexOf(document.activeElement as HTMLInputElement);
      inputs = options.map(() => choice(type, name));
      off = options.map((each) => each.disabled);
      shown.replaceChildren(
        ...inputs.map((each, index) => {
          const label = element("span", "", options[index]?.label ?? "");
          return element("label", "nbsession-choice", each, label);
        }),
      );
      write(chosen);
      inputs[focused]?.focus();
      host.replaced();
    }
    required = changed.required === true;
    disabled = changed.disabled === true || changed.readonly === true;
    apply();
  };
  update(field);
  return {
    element: shown,
    target: null,
    get invalids() {
      return inputs;
    },
    read,
    write,
    update,
    lock: (now) => {
      locked = now;
      apply();
    },
    fault: () => {
      const usable = inputs.filter((each) => !each.disabled);
      if (!required || !usable.length || read().length) return "";
      return (type === "radio" && usable[0] && faultOf(usable[0])) || NONE;
    },
    focus: () => {
      const usable = inputs.filter((each) => !each.disabled);
      const first = type === "radio" ? usable.find((each) => each.checked) : null;
      (first ?? usable[0])?.focus();
    },
  };
}

function choice(type: string, name: string): HTMLInputElement {
  const made = element("input", "");
  made.type = type;
  if (type === "radio") made.name = name;
  return made;
}
