import type { OutputNode } from "../session/node";
import { element, setText, text } from "./element";
import type { NodeView } from "./node_view";

/** The progress of something. */
export function progressView(node: OutputNode): NodeView {
  const label = element("span", "nbsession-name");
  const state = element("span", "nbsession-state");
  const filled = element("div", "nbsession-filled");
  const bar = element("div", "nbsession-bar", filled);
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  const title = element("div", "nbsession-title", label, state);
  // Screen readers use the bar's value; they would read its text aloud at each step.
  state.setAttribute("aria-hidden", "true");
  const shown = element("div", "nbsession-node nbsession-progress", title, bar);
  const update = (changed: OutputNode) => {
    const share = Math.min(1, Math.max(0, Number(changed.value) || 0));
    const percent = `${Math.round(100 * share)}%`;
    setText(label, text(changed.label));
    setText(state, percent);
    bar.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    bar.setAttribute("aria-label", text(changed.label) || text(changed.name) || "Progress");
    filled.style.width = `${100 * share}%`;
  };
  update(node);
  return { element: shown, update };
}
