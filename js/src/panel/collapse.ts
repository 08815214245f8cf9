import type { OutputNode } from "../session/node";
import { element, setText, text } from "./element";
import type { NodeView } from "./node_view";
import { ownKeys } from "./own_keys";

/** Outputs below a title that opens and closes them. */
export function collapseView(node: OutputNode): NodeView {
  const title = element("summary", "nbsession-summary");
  const body = element("div", "nbsession-flow nbsession-collapse-body");
  const shown = element("details", "nbsession-node nbsession-collapse", title, body);
  ownKeys(title, "Enter", " ");
  let open: unknown;
  const update = (changed: OutputNode) => {
    setText(title, text(changed.title));
    // Else the reader decides.
    if (changed.open !== open) shown.open = changed.open === true;
    open = changed.open;
  };
  update(node);
  return { element: shown, update, slot: () => body };
}
