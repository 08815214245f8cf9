import type { OutputNode } from "../session/node";
import { element, text } from "./element";
import type { NodeView } from "./node_view";

const LABELS: Record<string, string> = { info: "Note", warning: "Warning", error: "Error" };

/** A notice. Urgent ones interrupt a screen reader, others wait. */
export function noticeView(node: OutputNode): NodeView {
  const shown = element("div", "");
  const update = (changed: OutputNode) => {
    const level = Object.hasOwn(LABELS, text(changed.level)) ? text(changed.level) : "info";
    shown.className = `nbsession-node nbsession-box nbsession-notice nbsession-${level}`;
    shown.setAttribute("role", level === "info" ? "status" : "alert");
    const label = element("span", "nbsession-label", LABELS[level] ?? "");
    shown.replaceChildren(label, " ", element("span", "nbsession-text", text(changed.text)));
    if (changed.details !== undefined) {
      const details = element("details", "nbsession-stack", element("summary", "", "All"));
      details.append(element("div", "nbsession-details", text(changed.details)));
      shown.append(details);
    }
  };
  update(node);
  return { element: shown, update };
}
