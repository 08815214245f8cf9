/** The reader's hand on one page is told of at most this often. In seconds. */
const BETWEEN_TOUCHES = 10;

/**
 * Calls `touched` when the reader turns to this page: its window gets the focus, or is clicked in. With several pages on one
 * kernel, code that belongs to none of them acts on the one touched last.
 */
export function watchTouches(
  target: EventTarget,
  now: () => number,
  touched: () => void,
  ended: AbortSignal,
): void {
  let last = -Infinity;
  const touch = () => {
    last = now();
    touched();
  };
  target.addEventListener("focus", touch, { signal: ended });
  const pressed = () => now() - last >= BETWEEN_TOUCHES && touch();
  target.addEventListener("pointerdown", pressed, { signal: ended, capture: true, passive: true });
}
