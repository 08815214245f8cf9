/**
 * Create an element. Text is always text: only `html.ts` and `sanitize.ts` parse HTML, and only what Python declares as
 * HTML.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** The text of a node's field, whatever its value. */
export function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

/** Change an element's text if it differs, so that unchanged text is not announced again and stays selected. */
export function setText(target: HTMLElement, content: string): void {
  if (target.textContent !== content) target.textContent = content;
}

/** Set an attribute that is "true" or absent. */
export function setFlag(target: Element, name: string, value: boolean): void {
  if (value) target.setAttribute(name, "true");
  else target.removeAttribute(name);
}
