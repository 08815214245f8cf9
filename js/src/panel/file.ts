import type { OutputNode } from "../session/node";
import { element, setText, text } from "./element";
import type { NodeView } from "./node_view";
import { pressable } from "./pressable";
import type { Surroundings } from "./surroundings";

/** A link to a file that Python sends on request. */
export function fileView(node: OutputNode, around: Surroundings): NodeView {
  const label = element("span", "");
  const arrow = element("span", "nbsession-arrow", "⤓");
  arrow.setAttribute("aria-hidden", "true");
  const link = element("button", "nbsession-link", arrow, " ", label);
  let { callback } = node;
  pressable(link, () => around.call(callback, null));
  const update = (changed: OutputNode) => {
    ({ callback } = changed);
    setText(label, text(changed.label));
    link.title = `Download ${text(changed.label)}`;
  };
  update(node);
  const end = () => {
    link.disabled = true;
  };
  return { element: element("div", "nbsession-node nbsession-file", link), update, end };
}
