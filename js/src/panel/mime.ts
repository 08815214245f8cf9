import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import { latexView } from "./formulas";
import { htmlView } from "./html";
import { imageView } from "./image";
import { markdownView } from "./markdown";
import type { NodeView } from "./node_view";
import type { Surroundings } from "./surroundings";
import { textView } from "./text";

/** For images with a transparent background. */
const GROUNDS = ["light", "dark"];

/** Content in several types: shown with the front end's own renderer, or by this package's views. */
export function mimeView(node: OutputNode, around: Surroundings): NodeView {
  const shown = element("div", "nbsession-node nbsession-mime");
  let inner: NodeView | null = null;
  let html: NodeView | null = null;
  let data: unknown;
  const update = (changed: OutputNode) => {
    if (changed.data === data) return;
    data = changed.data;
    const rendered = around.renderer?.view(Object(data)) ?? null;
    const markup = rendered ? null : htmlOf(changed);
    if (html && markup) {
      html.update(markup); // it keeps what it shows until a new chart is ready
      return;
    }
    inner?.dispose?.();
    html = markup && htmlView(markup, around);
    inner = rendered ?? html ?? plainView(changed, around);
    for (const ground of GROUNDS) shown.classList.toggle(`nbsession-on-${ground}`, changed.ground === ground);
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

/** The node as one of HTML; `null` if it has none. */
function htmlOf(node: OutputNode): OutputNode | null {
  const html = Object(node.data)["text/html"];
  return typeof html === "string" ? { ...node, html } : null;
}

function plainView(node: OutputNode, around: Surroundings): NodeView {
  const data = Object(node.data) as Record<string, unknown>;
  const has = (type: string) => typeof data[type] === "string";
  if (has("text/markdown"))
    return markdownView({ ...node, html: data["text/markdown"], sanitize: true }, around);
  const type = Object.keys(data).find((each) => each.startsWith("image/"));
  if (type && ArrayBuffer.isView(data[type])) {
    return imageView({ ...node, content: data[type], type, title: node.alt });
  }
  if (has("text/latex") && !has("text/plain")) return latexView(text(data["text/latex"]), around);
  return textView({ ...node, text: data["text/plain"] });
}
