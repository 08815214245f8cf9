/**
 * Keep JupyterLab's shortcuts from what is typed in an element. Lumino looks for the attribute from the focused element
 * outwards, but compares that element with the selectors of shortcuts first: `:focus` is among them. So the focused
 * element needs the attribute, too.
 */
export function suppressShortcuts(place: HTMLElement): void {
  place.dataset.lmSuppressShortcuts = "true";
  place.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement) target.dataset.lmSuppressShortcuts = "true";
  });
}
