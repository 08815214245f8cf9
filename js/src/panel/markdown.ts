import type { OutputNode } from "../session/node";
import { markupView } from "./html";
import type { NodeView } from "./node_view";

/** Markdown, which Python has rendered. */
export function markdownView(node: OutputNode): NodeView {
  return markupView(node, "nbsession-markdown");
}
