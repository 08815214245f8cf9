import { element, setText } from "./element";
import { pressable } from "./pressable";

/** Shows that a session uses another page, and lets the reader move it here. */
export class Elsewhere {
  readonly element = element("div", "nbsession-elsewhere");
  private readonly words = element("span", "nbsession-elsewhere-text");
  private readonly button = element("button", "nbsession-restart", "Use here");

  constructor(take: () => void) {
    this.element.setAttribute("role", "status");
    this.button.title = "Move this session to this page";
    pressable(this.button, () => {
      this.button.disabled = true;
      take();
    });
    this.show(null);
  }

  /** `place` is the label of the other page; `null`: the session is here, or nowhere. */
  show(place: string | null): void {
    this.element.hidden = place === null;
    if (place === null) {
      this.element.replaceChildren();
      return;
    }
    if (!this.button.isConnected) this.element.append(this.words, this.button);
    this.button.disabled = false;
    setText(this.words, `This session runs in another window${place && `: ${place}`}`);
  }
}
