import type { OutputNode } from "../session/node";
import { element, setText, text } from "./element";
import type { NodeView } from "./node_view";

/** Plain text. */
export function textView(node: OutputNode): NodeView {
  const shown = element("div", "");
  const update = (changed: OutputNode) => {
    shown.className = `nbsession-node nbsession-text${changed.inline ? " nbsession-inline" : ""}`;
    setText(shown, text(changed.text));
  };
  update(node);
  return { element: shown, update };
}
