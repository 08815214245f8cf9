import { element } from "./element";

/** Tell the reader something that belongs to no cell, until it is dismissed. The same text is shown once. */
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
