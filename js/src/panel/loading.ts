import type { OutputNode } from "../session/node";
import { COLORS } from "./buttons";
import { element, text } from "./element";
import type { NodeView } from "./node_view";

/** Shows that something is being done. */
export function loadingView(node: OutputNode): NodeView {
  const spinner = element("span", "");
  const sign = element("div", "nbsession-loading-sign", spinner);
  sign.setAttribute("role", "status");
  sign.setAttribute("aria-label", "Loading");
  const body = element("div", "nbsession-flow");
  const shown = element("div", "nbsession-node nbsession-loading", sign);
  const update = (changed: OutputNode) => {
    const shape = changed.shape === "grow" ? "grow" : "border";
    const color = COLORS.has(text(changed.color)) ? text(changed.color) : "dark";
    spinner.className = `nbsession-spinner nbsession-spinner-${shape} nbsession-color-${color}`;
  };
  update(node);
  const slot = () => {
    shown.append(body);
    return body;
  };
  const end = () => spinner.remove(); // nothing is being done any more
  return { element: shown, update, end, slot };
}
