import type { OutputNode } from "../session/node";
import { closeButton } from "./close_button";
import { element, text } from "./element";
import { cellOf } from "./focus";
import type { NodeView } from "./node_view";
import type { Surroundings } from "./surroundings";

/** The levels, and whether they interrupt a screen reader. */
const URGENT: Record<string, boolean> = { info: false, success: false, warning: true, error: true };

/** Outputs in a box of its level's colour, which the reader may close. */
export function messageView(node: OutputNode, around: Surroundings): NodeView {
  const body = element("div", "nbsession-flow nbsession-message-body");
  const close = closeButton(() => {
    shown.hidden = true;
    // Else the keyboard would be nowhere.
    if (shown.contains(document.activeElement)) cellOf(shown)?.focus({ preventScroll: true });
    if (typeof callback === "number" && !ended) around.call(callback, null);
  });
  const shown = element("div", "", body, close);
  let callback: unknown;
  let ended = false;
  const update = (changed: OutputNode) => {
    const level = Object.hasOwn(URGENT, text(changed.level)) ? text(changed.level) : "info";
    shown.className = `nbsession-node nbsession-box nbsession-message nbsession-${level}`;
    shown.setAttribute("role", URGENT[level] ? "alert" : "status");
    close.hidden = changed.closable !== true;
    ({ callback } = changed);
  };
  update(node);
  const end = () => {
    ended = true;
  };
  return { element: shown, update, slot: () => body, end };
}
