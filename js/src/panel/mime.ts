import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import { latexView } from "./formulas";
import { htmlView } from "./html";
import { imageView } from "./image";
import { markdownView } from "./markdown";
import type { NodeView } from "./node_view";
import type { Surroundings } from "./surroundings";
import { textView } from "./text";

/** Content in several types: shown with the front end's own renderer, or by this package's views. */
export function mimeView(node: OutputNode, around: Surroundings): NodeView {
  const shown = element("div", "nbsession-node nbsession-mime");
  let inner: NodeView | null = null;
  let data: unknown;
  const update = (changed: OutputNode) => {
    if (changed.data === data) return;
    data = changed.data;
    inner?.dispose?.();
    inner = around.renderer?.view(Object(data)) ?? plainView(changed, around);
    shown.replaceChildren(inner.element);
  };
  update(node);
  return {
    element: shown,
    update,
    pending: () => inner?.pending?.() === true,
    dispose: () => inner?.dispose?.(),
  };
}

function plainView(node: OutputNode, around: Surroundings): NodeView {
  const data = Object(node.data) as Record<string, unknown>;
  const has = (type: string) => typeof data[type] === "string";
  if (has("text/html")) return htmlView({ ...node, html: data["text/html"] });
  if (has("text/markdown"))
    return markdownView({ ...node, html: data["text/markdown"], sanitize: true }, around);
  const type = Object.keys(data).find((each) => each.startsWith("image/"));
  if (type && ArrayBuffer.isView(data[type])) {
    return imageView({ ...node, content: data[type], type, title: node.alt });
  }
  if (has("text/latex") && !has("text/plain")) return latexView(text(data["text/latex"]), around);
  return textView({ ...node, text: data["text/plain"] });
}
