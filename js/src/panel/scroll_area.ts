import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";
import { ownKeys } from "./own_keys";
import { watchOverflow } from "./scrollable";

/** What counts as the end, in pixels. */
const NEAR = 4;
/** The keys that scroll. */
const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", " "];

/** Outputs in a place of limited height, which scrolls. */
export function scrollAreaView(node: OutputNode): NodeView {
  const body = element("div", "nbsession-flow");
  const shown = element("div", "", body);
  ownKeys(shown, ...KEYS);
  let keeps = false;
  /** Whether the end is kept in view: not after the reader has scrolled up. */
  let follows = true;
  let last = 0;
  shown.addEventListener("scroll", () => {
    const { scrollTop, scrollHeight, clientHeight } = shown;
    // What has come since the last scrolling moves the end away, but not the reader.
    follows = scrollTop + clientHeight >= scrollHeight - NEAR || (follows && scrollTop >= last);
    last = scrollTop;
  });
  const update = (changed: OutputNode) => {
    const border = changed.border === true ? " nbsession-scroll-border" : "";
    shown.className = `nbsession-node nbsession-scroll${border}`;
    const [height, least] = [text(changed.height), text(changed.least)];
    shown.style.height = least ? "" : height;
    shown.style.maxHeight = least ? height : "";
    shown.style.minHeight = least;
    keeps = changed.keep_bottom === true;
  };
  update(node);
  const dispose = watchOverflow(body, () => {
    // Its content has another size.
    if (keeps && follows) shown.scrollTop = shown.scrollHeight;
    return [shown];
  });
  return { element: shown, update, slot: () => body, dispose };
}
