import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { safeFragment } from "./sanitize";
import { watchOverflow } from "./scrollable";

/** HTML as HTML: its scripts run, unless it is to be sanitized. */
export function htmlView(node: OutputNode): NodeView {
  return markupView(node, "nbsession-html");
}

/** HTML that is shown anew only when it has changed: its scripts are not to run for nothing. */
export function markupView(node: OutputNode, className: string): NodeView {
  const shown = element("div", `nbsession-node nbsession-content ${className}`);
  let current: string | null = null;
  const update = (changed: OutputNode) => {
    const html = text(changed.html);
    if (html === current) return;
    current = html;
    shown.replaceChildren(changed.sanitize ? safeFragment(html) : fragment(html));
  };
  update(node);
  const stop = watchOverflow(shown, () => [shown, ...shown.querySelectorAll<HTMLElement>("pre")]);
  return { element: shown, update, dispose: stop };
}

function fragment(html: string): DocumentFragment {
  // Unlike innerHTML it makes scripts that run when they get into the document.
  return document.createRange().createContextualFragment(html);
}
