/**
 * The names that style sheets and scripts of the original's applications look for. In a notebook, a style sheet and
 * jQuery of a session see only its own view, so that the names need not be unique there.
 */

/** Give an element the original's classes. */
export function addOriginalClasses(element: Element, ...classes: string[]): void {
  element.classList.add(...classes);
}

/** Give an element the id of the original's scope. */
export function setOriginalScope(element: Element, name: string): void {
  element.id = `pywebio-scope-${name.replaceAll(" ", "-")}`;
}
