/**
 * Calls `touched` whenever the reader uses this page: its window gets the focus, a click, a key. With several pages on
 * one kernel, code that belongs to none of them uses the one that was last touched.
 */
export function watchTouches(target: EventTarget, touched: () => void, ended: AbortSignal): void {
  // Not captured: a program may move the focus to an element.
  target.addEventListener("focus", touched, { signal: ended });
  for (const sign of ["pointerdown", "keydown"])
    target.addEventListener(sign, touched, { signal: ended, capture: true, passive: true });
}
