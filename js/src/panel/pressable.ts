/**
 * Call a function when a button is pressed. Enter and Space are handled by the button: otherwise, they would trigger
 * JupyterLab's shortcuts.
 */
export function pressable(button: HTMLButtonElement, act: () => void): void {
  button.type = "button";
  button.addEventListener("click", act);
  button.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") event.stopPropagation();
  });
  button.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType === "mouse") follow(button, event);
  });
}

/**
 * Click a button that moves between the mouse's press and release. The browser does not, because the pointer is no longer
 * over the button: outputs above it have grown, or an error has gone because the press took the focus from its field.
 */
function follow(button: HTMLButtonElement, { pointerId }: PointerEvent): void {
  const place = button.getBoundingClientRect();
  const over = new AbortController();
  let clicked = false;
  const ended = (event: PointerEvent) => {
    if (event.pointerId !== pointerId) return;
    const { clientX: x, clientY: y } = event;
    const within = x >= place.left && x <= place.right && y >= place.top && y <= place.bottom;
    // The browser's own click follows the release at once.
    setTimeout(() => {
      over.abort();
      if (event.type === "pointerup" && within && !clicked && button.isConnected) button.click();
    });
  };
  button.addEventListener("click", () => (clicked = true), { signal: over.signal });
  for (const each of ["pointerup", "pointercancel"] as const)
    window.addEventListener(each, ended, { capture: true, signal: over.signal });
}
