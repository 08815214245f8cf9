import { element, setFlag } from "./element";
import { pressable } from "./pressable";

/** The buttons of a form itself. */
export class FormButtons {
  readonly element = element("div", "nbsession-buttons nbsession-form-buttons");
  private readonly submit = element("button", "nbsession-button nbsession-color-primary", "Submit");
  private readonly stop = element("button", "nbsession-button nbsession-quiet", "Stop");
  private readonly cancel = element("button", "nbsession-button nbsession-quiet", "Cancel");

  constructor(acts: { submit(): void; cancel(): void; stop(): void }) {
    pressable(this.submit, acts.submit);
    pressable(this.stop, acts.stop);
    pressable(this.cancel, acts.cancel);
    this.stop.hidden = true;
    this.element.append(this.submit, this.stop, this.cancel);
  }

  /** Whether the form is submitted by its own button. */
  get submits(): boolean {
    return !this.submit.hidden;
  }

  draw(submits: boolean, cancelable: boolean): void {
    this.submit.hidden = !submits;
    this.cancel.hidden = !cancelable;
    this.drawRow();
  }

  /** Show that the form waits for Python. The button keeps the focus. `elsewhere`: another button was pressed. */
  setBusy(busy: boolean, elsewhere: boolean): void {
    setFlag(this.submit, "aria-disabled", busy);
    setFlag(this.submit, "aria-busy", busy && !elsewhere);
  }

  /** The form prepares what it submits, which the reader can stop. */
  prepare(preparing: boolean): void {
    const focused = document.activeElement === this.stop;
    this.stop.hidden = !preparing;
    if (focused && !preparing && this.submits) this.submit.focus();
    this.drawRow();
  }

  end(): void {
    for (const each of [this.submit, this.stop, this.cancel]) each.disabled = true;
  }

  private drawRow(): void {
    this.element.hidden = this.submit.hidden && this.cancel.hidden && this.stop.hidden;
  }
}
