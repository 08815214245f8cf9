import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { safeFragment } from "./sanitize";
import { watchOverflow } from "./scrollable";

/** HTML. Its scripts run, unless it is sanitized. */
export function htmlView(node: OutputNode): NodeView {
  return markupView(node, "nbsession-html");
}

/**
 * HTML that is rendered again only if it has changed, so that its scripts do not run again. `rendered` is called each
 * time it has been.
 */
export function markupView(
  node: OutputNode,
  className: string,
  rendered: (shown: HTMLElement) => void = () => {},
): NodeView {
  const shown = element("div", `nbsession-node nbsession-content ${className}`);
  let current: string | null = null;
  const update = (changed: OutputNode) => {
    const html = text(changed.html);
    if (html === current) return;
    current = html;
    shown.replaceChildren(changed.sanitize ? safeFragment(html) : fragment(html));
    rendered(shown);
  };
  update(node);
  const stop = watchOverflow(shown, () => [shown, ...shown.querySelectorAll<HTMLElement>("pre")]);
  return { element: shown, update, dispose: stop };
}

function fragment(html: string): DocumentFragment {
  // Unlike innerHTML, it creates scripts that run when they are inserted into the document.
  return document.createRange().createContextualFragment(html);
}
