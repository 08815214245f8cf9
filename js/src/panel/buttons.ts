import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { pressable } from "./pressable";
import type { Surroundings } from "./surroundings";

const COLORS = new Set(["primary", "secondary", "success", "danger", "warning", "info", "light", "dark"]);

/** A row of buttons. Python receives the number of the clicked one. */
export function buttonsView(node: OutputNode, around: Surroundings): NodeView {
  const shown = element("div", "");
  let ended = false;
  const update = (changed: OutputNode) => {
    const looks = ["small", "link", "outline", "group"].filter((look) => changed[look]);
    const classes = looks.map((look) => `nbsession-buttons-${look}`);
    shown.className = ["nbsession-node nbsession-buttons", ...classes].join(" ");
    const described = Array.isArray(changed.buttons) ? changed.buttons : [];
    if (described.length > 1) shown.setAttribute("role", "group");
    else shown.removeAttribute("role");
    const focused = [...shown.children].indexOf(document.activeElement as Element);
    shown.replaceChildren(...described.map((each, index) => button(Object(each), index, changed.callback)));
    if (focused >= 0) (shown.children[focused] as HTMLElement | undefined)?.focus();
  };
  const button = (described: Record<string, unknown>, index: number, callback: unknown) => {
    const color = COLORS.has(text(described.color)) ? text(described.color) : "primary";
    const made = element("button", `nbsession-button nbsession-color-${color}`, text(described.label));
    made.disabled = ended || described.disabled === true;
    pressable(made, () => around.call(callback, index));
    return made;
  };
  update(node);
  const end = () => {
    ended = true;
    for (const each of shown.querySelectorAll("button")) each.disabled = true;
  };
  return { element: shown, update, end };
}
