import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";

/** A named place for other nodes. */
export function scopeView(node: OutputNode): NodeView {
  const shown = element("div", "nbsession-node nbsession-flow nbsession-scope");
  const update = (changed: OutputNode) => {
    shown.dataset.scope = text(changed.name);
  };
  update(node);
  return { element: shown, update, slot: () => shown };
}
