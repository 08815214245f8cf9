import type { OutputNode } from "../session/node";
import { markupView } from "./html";
import type { NodeView } from "./node_view";

/** Markdown, rendered by Python. */
export function markdownView(node: OutputNode): NodeView {
  return markupView(node, "nbsession-markdown");
}
