import { element, setText, text } from "./element";
import { pressable } from "./pressable";

/** The header of a session's outputs: its title, and for an app a button for a new session. */
export class Header {
  readonly element = element("div", "nbsession-header");
  private readonly title = element("div", "nbsession-headline");
  private readonly restart = element("button", "nbsession-restart", "New session");
  private readonly confirm = element("button", "nbsession-restart", "End it and start a new one");
  private readonly cancel = element("button", "nbsession-restart", "Cancel");
  private readonly question = element(
    "div",
    "nbsession-question",
    element("span", "", "This session is still open."),
    this.confirm,
    this.cancel,
  );
  private app: string | null = null;
  private ended = false;
  private asking = false;

  constructor(restart: () => void) {
    this.title.setAttribute("role", "heading");
    this.title.setAttribute("aria-level", "2");
    this.question.setAttribute("role", "group");
    this.question.setAttribute("aria-label", "New session");
    const begin = () => {
      // Until the new session is here: the second click of a double click would start another one.
      this.restart.disabled = true;
      this.ask(false);
      restart();
    };
    pressable(this.restart, () => {
      if (this.ended) begin();
      else this.ask(true, this.cancel);
    });
    pressable(this.confirm, begin);
    pressable(this.cancel, () => this.ask(false, this.restart));
    this.question.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.ask(false, this.restart);
    });
    this.show(undefined, null, false);
  }

  /** `app` is the name of the app, if the reader may start a new session of it. */
  show(title: unknown, app: string | null, ended: boolean): void {
    setText(this.title, text(title));
    this.app = app;
    this.ended = ended;
    if (app !== null) this.restart.title = `End this session of ${app} and start a new one`;
    this.ask(this.asking && app !== null && !ended);
  }

  /** Ask before the work of an open session is lost, or stop asking. */
  private ask(asking: boolean, focused?: HTMLButtonElement): void {
    this.asking = asking;
    const control = asking ? this.question : this.restart;
    const parts = [...(this.title.textContent ? [this.title] : []), ...(this.app === null ? [] : [control])];
    // What is in place stays there, and keeps the focus.
    if (
      parts.length !== this.element.children.length ||
      parts.some((each, at) => each !== this.element.children[at])
    )
      this.element.replaceChildren(...parts);
    this.element.hidden = !parts.length;
    // Without a title, the outputs are beside the button.
    this.element.classList.toggle("nbsession-header-bare", !this.title.textContent && !asking);
    focused?.focus();
  }
}
