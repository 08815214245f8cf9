import { element, setFlag, setText, text } from "../element";
import type { Surroundings } from "../surroundings";
import type { Control, ControlHost } from "./control";
import { type Field, initialOf, type Raw } from "./field";
import { makeControl } from "./make_control";
import { newId } from "./names";

const NOT_VALID = "This value is not valid.";

/** The form or pin that a field stands in. */
export interface FieldOwner {
  readonly key: number;
  readonly around: Surroundings;
  /** The element whose text names a field without a label; `null`: there is none. */
  readonly heading: HTMLElement | null;
  changed(view: FieldView, typing: boolean): void;
  /** The focus has left the field. */
  left(view: FieldView): void;
  pressed(view: FieldView, what: "submit" | "reset" | "cancel" | "action"): void;
}

/** A field: its label, its control, its help, and what is wrong with it. */
export class FieldView implements ControlHost {
  readonly element: HTMLElement;
  readonly control: Control;
  /** Whether the reader has changed it since Python gave it its value. */
  touched = false;
  /** Whether the reader has changed it since Python was told that a field with `check` is finished. */
  unchecked = false;
  private readonly label: HTMLElement;
  private readonly help = element("div", "nbsession-help");
  private readonly alert = element("div", "nbsession-fault");
  /** What the page finds wrong, and what Python does. */
  private own = "";
  private pythons = "";
  /** What the program says of the value, until the reader changes it; `null`: nothing. */
  private verdict: boolean | null = null;
  private readonly praise = element("div", "nbsession-praise");

  constructor(
    public field: Field,
    private readonly owner: FieldOwner,
  ) {
    this.control = makeControl(field, this);
    const single = this.control.target !== null;
    this.label = element(single ? "label" : "legend", "nbsession-field-label");
    this.label.id = newId();
    this.help.id = newId();
    this.alert.id = newId();
    this.alert.setAttribute("role", "alert");
    this.element = element(single ? "div" : "fieldset", "nbsession-field", this.label);
    this.praise.id = newId();
    this.praise.setAttribute("role", "status");
    this.verdict = verdictOf(field);
    this.element.append(this.control.element, this.help, this.alert, this.praise);
    this.element.dataset.type = field.type;
    this.label.addEventListener("click", () => {
      const { target } = this.control;
      if (target && !labelable(target)) this.control.focus();
    });
    this.element.addEventListener("focusout", (event) => {
      if (!this.element.contains(event.relatedTarget as Node | null)) this.owner.left(this);
    });
    this.write(initialOf(field));
    this.draw();
  }

  get key(): number {
    return this.owner.key;
  }

  get around(): Surroundings {
    return this.owner.around;
  }

  get name(): string {
    return this.field.name;
  }

  /** Counts how often Python has set the value or the options: it tells which options the raw value is about. */
  get set(): number {
    return Number(this.field.set) || 0;
  }

  read(): Raw {
    return this.control.read();
  }

  write(value: unknown): void {
    this.control.write(value as Raw);
  }

  /** Show the field as Python describes it now. */
  update(field: Field): void {
    const former = this.field;
    this.field = field;
    if (JSON.stringify(former) !== JSON.stringify(field)) this.control.update(field);
    if (former.valid !== field.valid || former.feedback !== field.feedback) this.verdict = verdictOf(field);
    if (former.set !== field.set) {
      this.write(initialOf(field));
      this.touched = false;
      this.unchecked = false;
      this.own = "";
    }
    this.draw();
  }

  reset(): void {
    this.write(initialOf(this.field));
    this.own = "";
    this.pythons = "";
    this.verdict = null;
    this.draw();
  }

  /** Look for what the browser finds wrong. Returns whether there is nothing. */
  check(): boolean {
    this.fault(this.control.fault());
    return !this.own;
  }

  /** Show what Python finds wrong; "": nothing. */
  error(found: string): void {
    this.pythons = found;
    this.draw();
  }

  get faulty(): boolean {
    return (this.own || this.pythons) !== "" || this.verdict === false;
  }

  /** Show whether the button beside the control works. */
  setBusy(busy: boolean): void {
    const button = this.element.querySelector<HTMLElement>(".nbsession-beside");
    for (const name of ["aria-busy", "aria-disabled"]) if (button) setFlag(button, name, busy);
  }

  lock(locked: boolean): void {
    this.control.lock(locked);
  }

  dispose(): void {
    this.control.dispose?.();
  }

  // -- what the control says --------------------------------------------------------------------

  changed(typing: boolean): void {
    this.touched = true;
    this.unchecked = true;
    this.verdict = null;
    // A shown error is checked again at once; while the reader types, no new one appears.
    if (this.own) this.own = this.control.fault();
    // Python looks again when the reader leaves the field, or at the next submit.
    if (this.field.check !== true) this.pythons = "";
    this.draw();
    this.owner.changed(this, typing);
  }

  pressed(what: "submit" | "reset" | "cancel" | "action"): void {
    this.owner.pressed(this, what);
  }

  fault(found: string): void {
    this.own = found;
    this.draw();
  }

  replaced(): void {
    // Possibly called by the control's constructor.
    if (this.element) this.draw();
  }

  private draw(): void {
    const { field, control, owner } = this;
    setText(this.label, text(field.label));
    this.label.hidden = !this.label.textContent;
    this.label.classList.toggle("nbsession-required", field.required === true);
    setText(this.help, text(field.help));
    this.help.hidden = !this.help.textContent;
    const feedback = text(field.feedback);
    setText(this.alert, this.own || this.pythons || (this.verdict === false ? feedback || NOT_VALID : ""));
    setText(this.praise, this.verdict === true && !this.faulty ? feedback : "");
    this.element.classList.toggle("nbsession-valid", this.verdict === true && !this.faulty);
    this.element.classList.toggle("nbsession-faulty", this.faulty);

    const named = control.target ?? this.element;
    if (control.target && labelable(control.target) && this.label instanceof HTMLLabelElement) {
      control.target.id ||= newId();
      this.label.htmlFor = control.target.id;
    }
    const native = !control.target || labelable(control.target);
    const label = this.label.hidden ? owner.heading : native ? null : this.label;
    setOrRemove(named, "aria-labelledby", label?.id);
    const { "aria-label": given, placeholder } = Object(field.attributes) as Record<string, unknown>;
    const unnamed = this.label.hidden && !label && control.target;
    setOrRemove(named, "aria-label", text(given) || (unnamed ? text(placeholder) || field.name : ""));
    const describing = [this.help, this.alert, this.praise].filter((each) => each.textContent);
    setOrRemove(named, "aria-describedby", describing.map((each) => each.id).join(" "));
    for (const each of control.invalids ?? [named]) setFlag(each, "aria-invalid", this.faulty);
  }
}

/** Whether the program has found the value right or wrong; `null`: it has not said. */
function verdictOf({ valid }: Field): boolean | null {
  return typeof valid === "boolean" ? valid : null;
}

function labelable(target: HTMLElement): boolean {
  return /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

function setOrRemove(target: HTMLElement, name: string, value: string | undefined): void {
  if (value) target.setAttribute(name, value);
  else target.removeAttribute(name);
}
