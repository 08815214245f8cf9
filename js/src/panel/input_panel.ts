import type { OutputNode } from "../session/node";
import type { OutputsWatcher } from "../session/outputs";
import type { Session } from "../session/session";
import { element, setText } from "./element";
import { cellOf, mayTakeFocus } from "./focus";
import { FormView } from "./form";
import { pressable } from "./pressable";
import type { Surroundings } from "./surroundings";

/** A form, and the button that stands for it while another one is active. */
interface Entry {
  readonly form: FormView;
  readonly button: HTMLButtonElement;
}

/** The forms of a session, below its outputs. The newest is active; the others are collapsed to their labels. */
export class InputPanel implements OutputsWatcher {
  readonly element = element("div", "nbsession-inputs");
  private readonly entries = new Map<number, Entry>();
  private active: Entry | null = null;
  private ended = false;
  /** Whether a form waits for its place in the document to get the focus. */
  private wantsFocus = false;
  /** Whether the session is an app's; later, it may not be startable again. */
  private readonly app: boolean;

  constructor(
    private readonly session: Session,
    private readonly around: Surroundings,
  ) {
    this.app = session.app !== null;
    this.element.hidden = true;
  }

  put(node: OutputNode): void {
    if (node.kind !== "form" || this.entries.has(node.key)) return;
    try {
      this.add(node, new FormView(node, this.around));
    } catch (error) {
      console.error("nbsession could not show a form", error);
    }
  }

  private add(node: OutputNode, form: FormView): void {
    if (this.ended) form.end();
    const button = element("button", "nbsession-form-other");
    button.setAttribute("aria-expanded", "false");
    const entry = { form, button };
    pressable(button, () => {
      this.activate(entry);
      form.focus();
    });
    this.entries.set(node.key, entry);
    this.element.append(button, form.element);
    this.element.hidden = false;
    // Before the former one is hidden: it may have the focus.
    const may = this.mayFocus();
    this.activate(entry);
    if (may) form.focus();
    this.wantsFocus = !this.element.isConnected;
  }

  update(node: OutputNode): void {
    const entry = this.entries.get(node.key);
    if (!entry) return;
    try {
      entry.form.update(node);
      setText(entry.button, entry.form.label);
    } catch (error) {
      console.error("nbsession could not show a form", error);
    }
  }

  remove(key: number): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    const focused = this.element.contains(document.activeElement);
    const had = entry.form.element.contains(document.activeElement);
    entry.form.dispose();
    if (entry === this.active) {
      const next = [...this.entries.values()].at(-1) ?? null;
      this.activate(next);
      if (had && next) next.form.focus();
    }
    const cell = cellOf(this.element);
    entry.form.element.remove();
    entry.button.remove();
    this.element.hidden = !this.entries.size;
    // JupyterLab's shortcuts work again.
    if (focused && !this.element.contains(document.activeElement)) cell?.focus({ preventScroll: true });
  }

  /** It stands in the document now, or its options have changed. */
  place(): void {
    const { options } = this.session.env;
    const panel = this.app || this.element.closest("#nbsession") !== null;
    const fixed = panel && !cellOf(this.element) && options.input_panel_fixed !== false;
    this.element.classList.toggle("nbsession-inputs-panel", panel);
    this.element.classList.toggle("nbsession-inputs-fixed", fixed);
    const { style } = this.element;
    style.setProperty("--nbs-least-height", fixed ? pixels(options.input_panel_min_height) : "");
    style.setProperty("--nbs-first-height", fixed ? pixels(options.input_panel_init_height) : "");
    if (this.wantsFocus && this.element.isConnected) {
      this.wantsFocus = false;
      if (this.mayFocus()) this.active?.form.focus();
    }
  }

  end(): void {
    this.ended = true;
    for (const { form } of this.entries.values()) form.end();
  }

  clear(): void {
    for (const key of [...this.entries.keys()]) this.remove(key);
  }

  private mayFocus(): boolean {
    if (this.ended || !this.element.isConnected) return false;
    const inApp = this.app || !cellOf(this.element);
    if (inApp && this.session.env.options.input_auto_focus === false) return false;
    return mayTakeFocus(this.element, this.app);
  }

  private activate(active: Entry | null): void {
    this.active = active;
    for (const entry of this.entries.values()) {
      const shown = entry === active;
      entry.form.element.hidden = !shown;
      entry.button.hidden = shown;
      setText(entry.button, entry.form.label);
    }
  }
}

function pixels(value: unknown): string {
  const number = Number(value);
  return number > 0 ? `${number}px` : "";
}
