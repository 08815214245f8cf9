import { element } from "./element";
import { pressable } from "./pressable";

/** A button that closes what it is in. */
export function closeButton(close: () => void, label = "Close"): HTMLButtonElement {
  const button = element("button", "nbsession-dismiss", "×");
  button.setAttribute("aria-label", label);
  pressable(button, close);
  return button;
}
