import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { safeFragment } from "./sanitize";
import { watchOverflow } from "./scrollable";

/** A template that Python has rendered: sanitized HTML, in pieces, with a node between each two of them. */
export function widgetView(node: OutputNode): NodeView {
  const shown = element("div", "nbsession-node nbsession-content nbsession-widget");
  /** For nodes that the template leaves out. */
  const unused = element("div", "");
  unused.hidden = true;
  let places = new Map<number, HTMLElement>();
  let current = "";
  shown.addEventListener("keydown", (event) => {
    // JupyterLab has shortcuts for the keys that open and close it.
    const summary = (event.target as Element).closest("summary");
    if (summary && (event.key === "Enter" || event.key === " ")) event.stopPropagation();
  });
  const update = (changed: OutputNode) => {
    const pieces = (Array.isArray(changed.html) ? changed.html : []).map(text);
    const slots = (Array.isArray(changed.slots) ? changed.slots : []).map(Number);
    const now = JSON.stringify([pieces, slots]);
    if (now === current) return;
    current = now;
    const former = places;
    places = new Map(slots.map((slot) => [slot, element("div", "nbsession-slot nbsession-flow")]));
    const content = joined(pieces, [...places.values()]);
    // As in a table.
    for (const [slot, place] of former) (places.get(slot) ?? unused).append(...place.childNodes);
    shown.replaceChildren(content, unused);
  };
  update(node);
  const slot = (number: number | undefined) => places.get(number ?? -1) ?? unused;
  return { element: shown, update, slot, dispose: watchOverflow(shown, () => [shown]) };
}

/** Sanitized HTML with elements between its pieces. */
function joined(pieces: readonly string[], between: readonly HTMLElement[]): DocumentFragment {
  // The HTML cannot contain the class of the markers: it is older.
  const mark = `nbs-slot-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
  const marked = pieces.map((piece, index) =>
    index < between.length ? `${piece}<span class=${mark}-${index}></span>` : piece,
  );
  const content = safeFragment(marked.join(""), true);
  for (const [index, place] of between.entries()) {
    const marker = content.querySelector(`.${mark}-${index}`);
    if (marker) marker.replaceWith(place);
    else content.append(place); // The HTML has swallowed it, for example in an attribute.
  }
  return content;
}
