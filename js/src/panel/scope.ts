import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";

/** A named place for other nodes. */
export function scopeView(node: OutputNode): NodeView {
  const shown = element("div", "nbsession-node nbsession-flow nbsession-scope");
  const update = (changed: OutputNode) => {
    const name = text(changed.name);
    shown.dataset.scope = name;
    // What style sheets and scripts of the original's applications look for. A notebook may have several of the name.
    if (document.body.dataset.nbsessionProtocol) shown.id = `pywebio-scope-${name.replaceAll(" ", "-")}`;
  };
  update(node);
  return { element: shown, update, slot: () => shown };
}
