import type { OutputNode } from "../session/node";
import type { OutputsWatcher } from "../session/outputs";
import { element } from "./element";

/** Show a message that belongs to no cell, until it is dismissed. The same text is shown once. */
export function toast(message: string): void {
  const shown = [...document.querySelectorAll(".nbsession-toast .nbsession-text")];
  if (shown.some((each) => each.textContent === message)) return;
  const dismiss = element("button", "nbsession-dismiss", "×");
  dismiss.type = "button";
  dismiss.setAttribute("aria-label", "Dismiss");
  const box = element("div", "nbsession-toast", element("span", "nbsession-text", message), dismiss);
  box.setAttribute("role", "alert");
  dismiss.addEventListener("click", () => box.remove());
  document.body.append(box);
}

/** Shows the errors and notices of a session that has no view. */
export const toaster: OutputsWatcher = {
  put({ kind, name, message, text }: OutputNode): void {
    if (kind === "error") toast(`${String(name)}: ${String(message)}`);
    else if (kind === "notice") toast(String(text));
  },
  update(): void {},
  remove(): void {},
};
