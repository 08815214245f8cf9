import type { OutputNode } from "../session/node";
import { element, setText, text } from "./element";
import { type Field, fieldOf, type Raw } from "./fields/field";
import { type FieldOwner, FieldView } from "./fields/field_view";
import { newId } from "./fields/names";
import { FormButtons } from "./form_buttons";
import { holdStill } from "./hold_still";
import type { NodeView } from "./node_view";
import { suppressShortcuts } from "./shortcuts";
import type { Surroundings } from "./surroundings";

/** Maximum time for Python to keep what the reader types, and to hear of a field with `onchange`. In seconds. */
const DRAFT = 0.3;
/** Types of fields whose values are not kept. */
const NO_DRAFT = new Set(["file", "actions", "password"]);
const SOON = 0.1;
/** The types of inputs that Enter opens. */
const OPENED = new Set(["color", "file"]);

/** Questions that the reader answers together. */
export class FormView implements NodeView, FieldOwner {
  readonly element = element("form", "nbsession-form");
  readonly key: number;
  readonly heading = element("span", "");
  private readonly title = element("div", "nbsession-form-label", this.heading);
  private readonly place = element("div", "nbsession-fields");
  private readonly alert = element("div", "nbsession-fault nbsession-form-fault");
  private readonly buttons: FormButtons;
  private readonly still: (still: boolean) => void;
  private fields: FieldView[] = [];
  private node: OutputNode;
  /** Set while the form prepares what it submits. */
  private preparing: AbortController | null = null;
  /** The number of Python's last answer. */
  private turn: unknown;
  private busy = false;
  private ended = false;

  constructor(
    node: OutputNode,
    readonly around: Surroundings,
  ) {
    this.key = node.key;
    this.node = node;
    this.turn = node.turn;
    this.heading.id = newId();
    this.title.setAttribute("role", "heading");
    this.title.setAttribute("aria-level", "3");
    this.title.addEventListener("click", () => this.only?.control.target && this.only.control.focus());
    this.alert.setAttribute("role", "alert");
    this.still = holdStill(this.place);
    this.buttons = new FormButtons({
      submit: () => void this.submit(),
      cancel: () => this.cancel(),
      stop: () => this.preparing?.abort(),
    });
    this.element.noValidate = true;
    suppressShortcuts(this.element);
    this.element.append(this.title, this.place, this.alert, this.buttons.element);
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.element.addEventListener("keydown", (event) => this.keyDown(event));
    this.draw();
    const typed = Object(node.typed) as Record<string, unknown>;
    for (const each of this.fields) {
      if (!Object.hasOwn(typed, each.name) || typed[each.name] === null) continue;
      each.write(typed[each.name]);
      each.touched = true;
    }
  }

  /** What the form is called when it is not shown. */
  get label(): string {
    return (
      this.heading.textContent || this.fields.map((each) => text(each.field.label)).find(Boolean) || "Form"
    );
  }

  update(node: OutputNode): void {
    const answered = node.turn !== this.turn;
    this.node = node;
    const waited = this.busy;
    this.draw();
    if (!answered) return;
    this.turn = node.turn;
    this.setBusy(false);
    for (const each of this.fields) {
      each.setBusy(false);
      each.control.again?.();
    }
    const { activeElement } = document;
    const here = activeElement === document.body || this.element.contains(activeElement);
    if (waited && this.alert.textContent) this.alert.scrollIntoView?.({ block: "nearest" });
    if (waited && here) this.fields.find((each) => each.faulty)?.control.focus();
  }

  end(): void {
    this.ended = true;
    this.preparing?.abort();
    this.setBusy(false);
    for (const each of this.fields) each.lock(true);
    this.buttons.end();
  }

  dispose(): void {
    this.preparing?.abort();
    for (const each of this.fields) each.dispose();
  }

  /** Put the focus where the reader begins. */
  focus(): void {
    const wanted = this.fields.find((each) => each.field.focus === true);
    // Not on a button: the reader may be pressing Enter somewhere else.
    const first = this.fields.find(({ field: { type } }) => type !== "actions");
    (wanted ?? first)?.control.focus();
  }

  // -- what its fields say ----------------------------------------------------------------------

  changed(view: FieldView, typing: boolean): void {
    const { inputs } = this.around;
    // Other views of the form show it when they are created.
    this.node.typed = this.drafts();
    inputs.soon(DRAFT, this.key, "typed", "", () => [this.drafts()]);
    if (view.field.onchange !== true) return;
    const rest = () => [view.name, view.read(), view.set];
    if (typing) inputs.soon(SOON, this.key, "change", view.name, rest);
    else inputs.send(this.key, "change", ...rest());
  }

  left(view: FieldView): void {
    this.around.inputs.flush();
    if (view.field.check !== true || !view.unchecked || this.busy || this.ended) return;
    view.unchecked = false;
    this.around.inputs.send(this.key, "blur", view.name, view.read(), view.set);
  }

  pressed(view: FieldView, what: "submit" | "reset" | "cancel" | "action"): void {
    if (this.ended) return;
    if (what === "cancel") return this.cancel();
    if (this.busy) return;
    if (what === "submit") void this.submit(view);
    else if (what === "reset") this.reset();
    else {
      view.setBusy(true);
      this.around.inputs.send(this.key, "action", view.name);
    }
  }

  // -- what the reader does ---------------------------------------------------------------------

  private keyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
    const { target } = event;
    const area = target instanceof HTMLTextAreaElement && (event.ctrlKey || event.metaKey);
    const line = target instanceof HTMLInputElement && !OPENED.has(target.type);
    if (!line && !area) return;
    event.preventDefault();
    if (this.buttons.submits) void this.submit();
    else this.element.querySelector<HTMLElement>('button[data-type="submit"]:enabled')?.click();
  }

  private async submit(pressed?: FieldView): Promise<void> {
    if (this.busy || this.ended) return;
    for (const each of this.fields) if (each !== pressed) each.control.again?.();
    const faulty = this.fields.filter((each) => !each.check());
    if (faulty[0]) {
      pressed?.control.again?.();
      faulty[0].control.focus();
      return;
    }
    setText(this.alert, "");
    this.setBusy(true, pressed);
    const prepared = await this.prepare();
    if (!prepared || this.ended) return;
    const values = this.fields.map((each) => [each.name, prepared.get(each) ?? each.read()]);
    const sets = this.fields.map((each) => [each.name, each.set]);
    this.around.inputs.send(this.key, "submit", Object.fromEntries(values), Object.fromEntries(sets));
  }

  /** Prepare the values that need it, for example by uploading them. Resolves to `null` if the form is not submitted. */
  private async prepare(): Promise<Map<FieldView, Raw> | null> {
    const prepared = new Map<FieldView, Raw>();
    const needing = this.fields.filter((each) => each.control.prepare);
    if (!needing.length) return prepared;
    const preparing = new AbortController();
    this.preparing = preparing;
    this.buttons.prepare(true);
    const stopped = new Promise<never>((_resolve, reject) =>
      preparing.signal.addEventListener("abort", () => reject(new Error("stopped"))),
    );
    const all = needing.map(async (each) => {
      try {
        const value = await each.control.prepare?.(preparing.signal);
        if (value !== undefined) prepared.set(each, value);
      } catch (error) {
        if (!preparing.signal.aborted && !each.faulty)
          each.fault(error instanceof Error ? error.message : String(error));
        throw error;
      }
    });
    try {
      await Promise.race([Promise.all(all), stopped]);
      return prepared;
    } catch {
      if (this.preparing !== preparing) return null; // the form has been cancelled
      this.setBusy(false);
      for (const each of this.fields) each.control.again?.();
      preparing.abort();
      this.fields.find((each) => each.faulty)?.control.focus();
      return null;
    } finally {
      if (this.preparing === preparing) this.preparing = null;
      this.buttons.prepare(false);
    }
  }

  private cancel(): void {
    if (this.ended) return;
    const { preparing } = this;
    this.preparing = null;
    preparing?.abort();
    this.setBusy(true);
    this.around.inputs.drop(this.key);
    this.around.inputs.send(this.key, "cancel");
  }

  private reset(): void {
    for (const each of this.fields) {
      const former = JSON.stringify(each.read());
      each.reset();
      if (JSON.stringify(each.read()) !== former && each.field.type !== "actions") {
        each.touched = true;
        each.unchecked = false;
        this.changed(each, false);
      }
    }
    setText(this.alert, "");
  }

  /** What the reader has entered, for the next page, which gets neither files nor passwords. */
  private drafts(): Record<string, Raw> {
    const drafted = this.fields.filter(({ touched, field: { type } }) => touched && !NO_DRAFT.has(type));
    return Object.fromEntries(drafted.map((each) => [each.name, each.read()]));
  }

  private setBusy(busy: boolean, pressed?: FieldView): void {
    this.busy = busy;
    this.element.classList.toggle("nbsession-form-busy", busy);
    if (busy) this.element.setAttribute("aria-busy", "true");
    else this.element.removeAttribute("aria-busy");
    this.still(busy);
    this.buttons.setBusy(busy, pressed !== undefined);
    for (const each of this.fields) each.control.wait?.(busy);
  }

  // -- what it looks like -----------------------------------------------------------------------

  private get only(): FieldView | undefined {
    return this.fields.length === 1 ? this.fields[0] : undefined;
  }

  private draw(): void {
    const { node } = this;
    setText(this.heading, text(node.label));
    this.title.hidden = !this.heading.textContent;
    if (this.title.hidden) this.element.removeAttribute("aria-labelledby");
    else this.element.setAttribute("aria-labelledby", this.heading.id);
    const described = (Array.isArray(node.fields) ? node.fields : []).map(fieldOf);
    this.drawFields(described);
    const errors = Object(node.errors) as Record<string, unknown>;
    for (const each of this.fields)
      each.error(Object.hasOwn(errors, each.name) ? text(errors[each.name]) : "");
    const own = Object.hasOwn(errors, "") ? text(errors[""]) : "";
    setText(this.alert, own);
    // The form's own error stands above the buttons, whichever submit it.
    const last = described.at(-1);
    const submits = !has(last, (type) => type !== "reset" && type !== "cancel");
    const next = submits ? this.buttons.element : this.fields.at(-1)?.element;
    if (next?.previousElementSibling !== this.alert) next?.before(this.alert);
    this.buttons.draw(submits, node.cancelable === true && !has(last, (type) => type === "cancel"));
  }

  private drawFields(described: Field[]): void {
    const former = this.fields;
    const single = described.length === 1;
    this.element.classList.toggle("nbsession-form-single", single);
    this.fields = described.map((field) => {
      const known = former.find((each) => each.name === field.name && each.field.type === field.type);
      if (!known) return this.fieldView(field, single);
      const { set } = known.field;
      known.update(field);
      if (set !== field.set) this.forget(known);
      return known;
    });
    for (const each of former) {
      if (this.fields.includes(each)) continue;
      each.dispose();
      each.element.remove();
    }
    // What is in its place stays there, and keeps the focus.
    let last: Element | null = null;
    for (const { element: each } of this.fields) {
      const next: Element | null = last ? last.nextElementSibling : this.place.firstElementChild;
      if (next !== each && !(next === this.alert && next.nextElementSibling === each))
        this.place.insertBefore(each, next);
      last = each;
    }
  }

  /** Python has set a field: what the reader has entered there is over. */
  private forget({ name }: FieldView): void {
    this.around.inputs.drop(this.key, name);
    const { [name]: _former, ...typed } = Object(this.node.typed) as Record<string, unknown>;
    this.node.typed = typed;
  }

  private fieldView(field: Field, single: boolean): FieldView {
    const { key, around } = this;
    const owner: FieldOwner = {
      key,
      around,
      heading: single && text(this.node.label) ? this.heading : null,
      changed: (view, typing) => this.changed(view, typing),
      left: (view) => this.left(view),
      pressed: (view, what) => this.pressed(view, what),
    };
    const made = new FieldView(field, owner);
    if (this.ended) made.lock(true);
    return made;
  }
}

/** Whether a field has a button of such a type. */
function has(field: Field | undefined, such: (type: unknown) => boolean): boolean {
  if (field?.type !== "actions" || !Array.isArray(field.buttons)) return false;
  return field.buttons.some((each) => such(Object(each).type));
}
