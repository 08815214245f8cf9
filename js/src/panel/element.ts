/** Make an element. Text is always text: only `html.ts` and `sanitize.ts` parse any, and only what Python says is HTML. */
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

/** The text of a node's field, whatever Python put there. */
export function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

/** Change an element's text where it differs, so that nothing is announced or selected away for nothing. */
export function setText(target: HTMLElement, content: string): void {
  if (target.textContent !== content) target.textContent = content;
}
