import { element } from "../panel/element";
import { pressable } from "../panel/pressable";
import type { Refusal } from "./refusal";
import type { Connection } from "./server";

/** Connections that are made within this time are not reported. In milliseconds. */
const QUIET = 600;

/** Shows problems of the connection to the server at the foot of the page. */
export class Status {
  readonly element = element("div", "nbsession-status");
  private readonly words = element("span", "nbsession-status-text");
  private readonly actions = element("span", "nbsession-status-actions");
  private quiet: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.element.setAttribute("role", "status");
    this.element.append(this.words, this.actions);
    this.hide();
  }

  /** `refusal` is the reason for a missing connection, if known; `again` tries at once. */
  connection(connection: Connection, refusal: Refusal | null = null, again = () => {}): void {
    clearTimeout(this.quiet);
    if (connection === "connected") return this.hide();
    const words = connection === "connecting" ? "Connecting…" : "Connection lost. Reconnecting…";
    if (!refusal) this.quiet = setTimeout(() => this.say("busy", words), QUIET);
    else if (refusal.passes) this.say("busy", `${words} ${refusal.words}`);
    else {
      const button = element("button", "nbsession-status-action", refusal.login ? "Reload" : "Try again");
      pressable(button, refusal.login ? () => location.reload() : again);
      this.say("refused", refusal.words, button);
    }
  }

  /** The session is over; `again` starts a new one, if possible. */
  over(reason: string, again: (() => void) | null): void {
    clearTimeout(this.quiet);
    const parts: HTMLElement[] = [];
    if (again) {
      const button = element("button", "nbsession-status-action", "New session");
      pressable(button, again);
      parts.push(button);
    }
    this.say("over", `Session closed: ${reason}`, ...parts);
  }

  /** The browser blocked a window. */
  blocked(name: string, url: string): void {
    const link = element("a", "nbsession-status-action", `Open ${name}`);
    link.href = url;
    link.target = "_blank";
    link.addEventListener("click", () => this.hide());
    this.say("note", "The browser blocked a new window.", link);
  }

  private say(kind: string, words: string, ...actions: HTMLElement[]): void {
    this.element.dataset.kind = kind;
    this.words.textContent = words;
    this.actions.replaceChildren(...actions);
    this.element.hidden = false;
  }

  private hide(): void {
    clearTimeout(this.quiet);
    this.element.hidden = true;
  }
}
