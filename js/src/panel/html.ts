import type { render } from "../charts/render";
import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { safeFragment } from "./sanitize";
import { watchOverflow } from "./scrollable";
import type { Surroundings } from "./surroundings";

interface Chunk {
  readonly render: typeof render;
}

/** HTML. Its scripts run, unless it is sanitized. */
export function htmlView(node: OutputNode, around: Surroundings): NodeView {
  return markupView(node, "nbsession-html", around);
}

/**
 * HTML that is rendered again only if it has changed, so that its scripts do not run again. `rendered` is called each
 * time it has been, unless it is a chart. Without `around`, there are no charts in it.
 */
export function markupView(
  node: OutputNode,
  className: string,
  around: Surroundings | null,
  rendered: (shown: HTMLElement) => void = () => {},
): NodeView {
  const shown = element("div", `nbsession-node nbsession-content ${className}`);
  let current: string | null = null;
  // Charts: what is shown, and what will replace it.
  let present: AbortController | null = null;
  let coming: AbortController | null = null;
  const update = (changed: OutputNode) => {
    const html = text(changed.html);
    if (html === current) return;
    current = html;
    coming?.abort();
    coming = null;
    if (!changed.charts || changed.sanitize || !around) {
      present?.abort();
      present = null;
      shown.replaceChildren(changed.sanitize ? safeFragment(html) : fragment(html));
      rendered(shown);
      return;
    }
    const showing = new AbortController();
    coming = showing;
    const { chunks } = around.channels;
    const ready = () => {
      present?.abort();
      present = showing;
    };
    chunks
      .get("charts")
      .then((chunk) => (chunk as Chunk).render(shown, html, changed.charts, chunks, showing.signal, ready))
      .catch((error) => {
        if (!showing.signal.aborted) shown.textContent = `This chart could not be shown: ${error}`;
      })
      .finally(() => {
        if (coming === showing) coming = null;
      });
  };
  update(node);
  const stop = watchOverflow(shown, () => [shown, ...shown.querySelectorAll<HTMLElement>("pre")]);
  const dispose = () => {
    stop();
    coming?.abort();
    present?.abort();
  };
  return { element: shown, update, pending: () => coming !== null, dispose };
}

function fragment(html: string): DocumentFragment {
  // Unlike innerHTML, it creates scripts that run when they are inserted into the document.
  return document.createRange().createContextualFragment(html);
}
