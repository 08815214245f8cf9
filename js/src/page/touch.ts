const SIGNS = ["focus", "pointerdown", "keydown"];

/**
 * Calls `touched` whenever the reader turns to this page or does something on it: its window gets the focus, a click, a key.
 * With several pages on one kernel, code that belongs to none of them acts on the one touched last.
 */
export function watchTouches(target: EventTarget, touched: () => void, ended: AbortSignal): void {
  for (const sign of SIGNS)
    target.addEventListener(sign, touched, { signal: ended, capture: true, passive: true });
}
