import { element, setText, text } from "./element";
import { pressable } from "./pressable";

/** The header of a session's outputs: its title, and for an app a button for a new session. */
export class Header {
  readonly element = element("div", "nbsession-header");
  private readonly title = element("div", "nbsession-headline");
  private readonly restart = element("button", "nbsession-restart", "New session");

  constructor(restart: () => void) {
    this.title.setAttribute("role", "heading");
    this.title.setAttribute("aria-level", "2");
    pressable(this.restart, () => {
      // Until the new session is here: the second click of a double click would start another one.
      this.restart.disabled = true;
      restart();
    });
    this.show(undefined, null);
  }

  show(title: unknown, app: string | null): void {
    setText(this.title, text(title));
    if (app !== null) this.restart.title = `End this session of ${app} and start a new one`;
    const parts = [...(this.title.textContent ? [this.title] : []), ...(app === null ? [] : [this.restart])];
    this.element.replaceChildren(...parts);
    this.element.hidden = !parts.length;
    // Without a title, the outputs are beside the button.
    this.element.classList.toggle("nbsession-header-bare", !this.title.textContent);
  }
}
