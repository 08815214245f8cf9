const NAME = "nbsession-placed";

/** An element that calls a function whenever it is inserted into the document. */
export function placedElement(className: string, placed: () => void): HTMLElement {
  // Another bundle on the page may have defined it.
  if (!customElements.get(NAME)) customElements.define(NAME, placedClass());
  const made = document.createElement(NAME);
  made.className = className;
  made.addEventListener(NAME, placed);
  return made;
}

function placedClass(): CustomElementConstructor {
  return class extends HTMLElement {
    connectedCallback(): void {
      this.dispatchEvent(new Event(NAME));
    }
  };
}
