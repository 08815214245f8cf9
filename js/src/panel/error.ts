import type { OutputNode } from "../session/node";
import { element, setText, text } from "./element";
import type { NodeView } from "./view";

/** A JavaScript error: what, in which code, and where it came from for whoever wants to know. */
export function errorView(node: OutputNode): NodeView {
  const heading = element("span", "nbsession-heading");
  const count = element("span", "nbsession-count");
  const code = element("pre", "nbsession-code");
  const stack = element("pre", "nbsession-code");
  const details = element("details", "nbsession-stack", element("summary", "", "Stack"), stack);
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
    const times = Number(changed.count) || 1;
    // Counting up is no new alert.
    setText(count, times > 1 ? `×${times}` : "");
    count.hidden = times < 2;
    count.title = `${times} times`;
  };
  count.setAttribute("aria-live", "off");
  update(node);
  return { element: shown, update };
}
