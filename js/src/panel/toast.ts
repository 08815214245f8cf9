import type { OutputNode } from "../session/node";
import type { OutputsWatcher } from "../session/outputs";
import { type Toast, toasts } from "../session/toasts";
import { closeButton } from "./close_button";
import { element, text } from "./element";
import { pressable } from "./pressable";

const COLORS: Record<string, string> = {
  info: "#1565c0",
  success: "#2e7d32",
  warn: "#ffb300",
  error: "#c62828",
};
const HEX = /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i;
const REGION = "nbsession-toasts";
const SIDES = new Set(["left", "center", "right"]);
/** Maximum time that the browser can wait, in seconds. */
const LONGEST = 2_000_000;

/** Show a message that belongs to no cell, until it is dismissed. The same text is shown once. */
export function toast(message: string): void {
  const shown = [...document.querySelectorAll(".nbsession-toast .nbsession-text")];
  if (shown.some((each) => each.textContent === message)) return;
  const dismiss = closeButton(() => box.remove(), "Dismiss");
  const box = element("div", "nbsession-toast", element("span", "nbsession-text", message), dismiss);
  box.setAttribute("role", "alert");
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

/** Show a session's message at the top of the page. With `gone`, it is a button. */
toasts.show = (
  { text: words, duration, position, color }: Toast,
  gone: ((pressed: boolean) => void) | null,
) => {
  const side = SIDES.has(text(position)) ? text(position) : "center";
  const label = element(gone ? "button" : "span", "nbsession-toast-label", text(words));
  if (label instanceof HTMLButtonElement) pressable(label, () => leave(true));
  const box = element(
    "div",
    `nbsession-toast-box nbsession-toast-${side}`,
    label,
    closeButton(() => leave(false)),
  );
  box.setAttribute("role", color === "error" ? "alert" : "status");
  box.style.backgroundColor = hexOf(text(color));
  box.style.color = textOn(hexOf(text(color)));

  let timer: ReturnType<typeof setTimeout> | undefined;
  let left = false;
  let from: EventTarget | null = null;
  const leave = (pressed: boolean) => {
    if (left) return;
    left = true;
    clearTimeout(timer);
    if (box.contains(document.activeElement) && from instanceof HTMLElement)
      from.focus({ preventScroll: true });
    box.remove();
    gone?.(pressed);
  };
  const held = new Set<string>();
  const wait = () => {
    clearTimeout(timer);
    const seconds = Number(duration);
    if (!held.size && seconds > 0 && seconds < LONGEST)
      timer = setTimeout(() => leave(false), seconds * 1000);
  };
  const hold = (begin: string, end: string) => {
    box.addEventListener(begin, () => {
      held.add(begin);
      wait();
    });
    box.addEventListener(end, () => {
      held.delete(begin);
      wait();
    });
  };
  hold("pointerenter", "pointerleave");
  hold("focusin", "focusout");
  box.addEventListener("focusin", ({ relatedTarget }) => {
    from ??= relatedTarget;
  });
  // Other bundles on the page may have made it.
  const region = document.querySelector(`.${REGION}`) ?? element("div", REGION);
  region.append(box);
  hostToasts(region);
  wait();
};

/** Show toasts in the modal dialog, if there is one: in the rest of the page, they would be dimmed and inert. */
export function hostToasts(region = document.querySelector(`.${REGION}`)): void {
  const modal = document.querySelectorAll(".nbsession-popup-modal > dialog[open]");
  const host = [...modal].at(-1) ?? document.body;
  // Where it is already, it keeps the focus.
  if (region && region.parentNode !== host) host.append(region);
}

/** A colour as #rrggbb. */
function hexOf(color: string): string {
  if (Object.hasOwn(COLORS, color)) return COLORS[color] ?? "";
  if (!HEX.test(color)) return COLORS.info ?? "";
  return color.length < 6 ? color.replace(/[\da-f]/gi, "$&$&").slice(0, 7) : color.slice(0, 7);
}

/** The text's colour, black or white, that has the higher contrast on a colour. */
function textOn(color: string): string {
  const light = [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
    const value = Number.parseInt(color.slice(1 + 2 * at, 3 + 2 * at), 16) / 255;
    return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  }, 0);
  return light > 0.179 ? "#000" : "#fff";
}
