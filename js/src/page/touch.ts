/**
 * Calls `touched` whenever the reader turns to this page or does something on it: its window gets the focus, a click, a key.
 * With several pages on one kernel, code that belongs to none of them acts on the one touched last.
 */
export function watchTouches(target: EventTarget, touched: () => void, ended: AbortSignal): void {
  // Not captured: an element may get the focus from a program.
  target.addEventListener("focus", touched, { signal: ended });
  for (const sign of ["pointerdown", "keydown"])
    target.addEventListener(sign, touched, { signal: ended, capture: true, passive: true });
}
