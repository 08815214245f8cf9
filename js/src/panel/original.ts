/**
 * The names that style sheets and scripts of the original's applications look for. Only a page of its own has them: a
 * notebook may show a scope of the same name twice, and has style sheets of its own for such classes.
 */
function ofItsOwn(): boolean {
  return document.body.dataset.nbsessionProtocol !== undefined;
}

/** Give an element the original's classes. */
export function addOriginalClasses(element: Element, ...classes: string[]): void {
  if (ofItsOwn()) element.classList.add(...classes);
}

/** Give an element the id of the original's scope. */
export function setOriginalScope(element: Element, name: string): void {
  if (ofItsOwn()) element.id = `pywebio-scope-${name.replaceAll(" ", "-")}`;
}
