import type { OutputNode } from "../session/node";
import { element, setFlag, text } from "./element";
import type { NodeView } from "./node_view";
import { addOriginalClasses } from "./original";
import { pressable } from "./pressable";
import type { Surroundings } from "./surroundings";

/** The colours of buttons. */
export const COLORS = new Set([
  "primary",
  "secondary",
  "success",
  "danger",
  "warning",
  "info",
  "light",
  "dark",
]);

/** A row of buttons. Python receives the number of the clicked one, and names those whose functions run. */
export function buttonsView(node: OutputNode, around: Surroundings): NodeView {
  const row = element("div", "");
  // The row is a line of text in it, so that an application's `text-align` places the row.
  const shown = element("div", "nbsession-node", row);
  let ended = false;
  let buttons: HTMLButtonElement[] = [];
  /** What the buttons look like, without what runs. */
  let look = "";

  const update = (changed: OutputNode) => {
    const { busy, ...rest } = changed;
    const now = JSON.stringify(rest);
    if (now !== look) {
      look = now;
      draw(changed);
    }
    const running = new Set(Array.isArray(busy) ? busy : []);
    for (const [index, each] of buttons.entries()) setBusy(each, running.has(index), changed.repeat === true);
  };

  const draw = (changed: OutputNode) => {
    const looks = ["small", "link", "outline", "group"].filter((each) => changed[each]);
    const classes = looks.map((each) => `nbsession-buttons-${each}`);
    row.className = ["nbsession-buttons nbsession-buttons-row", ...classes].join(" ");
    const described = Array.isArray(changed.buttons) ? changed.buttons : [];
    if (described.length > 1) row.setAttribute("role", "group");
    else row.removeAttribute("role");
    const focused = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons = described.map((each, index) => button(Object(each), index, changed));
    row.replaceChildren(...buttons);
    if (focused >= 0) buttons[focused]?.focus();
  };

  const button = (
    described: Record<string, unknown>,
    index: number,
    { callback, repeat, outline }: OutputNode,
  ) => {
    const color = COLORS.has(text(described.color)) ? text(described.color) : "primary";
    const made = element("button", `nbsession-button nbsession-color-${color}`, text(described.label));
    addOriginalClasses(made, "btn", `btn-${outline ? "outline-" : ""}${color}`);
    made.disabled = ended || described.disabled === true;
    pressable(made, () => {
      if (made.hasAttribute("aria-disabled")) return;
      setBusy(made, true, repeat === true); // at once, also if Python hears of it later
      around.call(callback, index);
    });
    return made;
  };

  update(node);
  const end = () => {
    ended = true;
    for (const each of buttons) {
      setBusy(each, false, false);
      each.disabled = true;
    }
  };
  return { element: shown, update, end };
}

/** Show whether a button's function runs. A button that cannot be pressed meanwhile keeps the focus. */
function setBusy(button: HTMLButtonElement, busy: boolean, repeat: boolean): void {
  setFlag(button, "aria-busy", busy);
  setFlag(button, "aria-disabled", busy && !repeat);
}
