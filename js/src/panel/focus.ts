const TYPING = 'input, textarea, select, [contenteditable="true"], [contenteditable=""]';

/**
 * Whether a form in this place may take the focus. A running notebook never takes the keyboard from the reader: in a
 * cell, only if the reader is in that cell. `app`: it belongs to an app, which the reader is using.
 */
export function mayTakeFocus(place: HTMLElement, app: boolean): boolean {
  const { activeElement } = document;
  const cell = cellOf(place);
  if (place.contains(activeElement)) return true;
  if (!cell || app) return !activeElement?.matches(TYPING);
  if (cell.contains(activeElement)) return true;
  const notebook = cell.closest(".jp-Notebook");
  return cell.classList.contains("jp-mod-active") && notebook?.contains(activeElement) === true;
}

/** The cell of a notebook that contains an element. */
export function cellOf(place: HTMLElement): HTMLElement | null {
  return place.closest<HTMLElement>(".jp-Cell");
}
