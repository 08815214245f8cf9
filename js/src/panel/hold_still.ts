const CHANGING = ["beforeinput", "mousedown", "click", "keydown", "drop"];

/**
 * Returns a function that keeps the controls in an element from being changed, or lets them be changed again. Other than
 * disabled controls, they keep the focus. Buttons decide for themselves.
 */
export function holdStill(place: HTMLElement): (still: boolean) => void {
  let still = false;
  const keep = (event: Event) => {
    if (!still || (event.target instanceof Element && event.target.closest("button"))) return;
    if (event instanceof KeyboardEvent && (event.key === "Tab" || event.key === "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
  };
  for (const each of CHANGING) place.addEventListener(each, keep, { capture: true });
  return (now) => {
    still = now;
  };
}
