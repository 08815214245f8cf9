import type { OutputNode } from "../session/node";
import { element, setText, text } from "./element";
import type { NodeView } from "./node_view";
import { watchOverflow } from "./scrollable";

/**
 * An error: its message, its code, and its stack. JavaScript's stack is collapsed; Python's traceback, which comes
 * without code, is shown as in a notebook.
 */
export function errorView(node: OutputNode): NodeView {
  const heading = element("span", "nbsession-heading");
  const count = element("span", "nbsession-count");
  const code = element("pre", "nbsession-code");
  const stack = element("pre", "nbsession-code");
  const summary = element("summary", "");
  const details = element("details", "nbsession-stack", summary, stack);
  const title = element("div", "nbsession-title", heading, count);
  title.setAttribute("role", "alert");
  const shown = element("div", "nbsession-node nbsession-box nbsession-error", title, code, details);

  const update = (changed: OutputNode) => {
    const message = text(changed.message);
    setText(heading, [text(changed.name) || "Error", message].filter(Boolean).join(": "));
    setText(code, text(changed.code));
    setText(stack, text(changed.stack));
    code.hidden = !code.textContent;
    details.hidden = !stack.textContent;
    setText(summary, code.hidden ? "Traceback" : "Stack");
    const times = Number(changed.count) || 1;
    // A changed count is not a new alert.
    setText(count, times > 1 ? `×${times}` : "");
    count.hidden = times < 2;
    count.title = `${times} times`;
  };
  count.setAttribute("aria-live", "off");
  update(node);
  details.open = code.hidden;
  return { element: shown, update, dispose: watchOverflow(shown, () => [code, stack]) };
}
