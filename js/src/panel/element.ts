/** Make an element. Text is always text: nothing here or in the panel ever parses HTML. */
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
