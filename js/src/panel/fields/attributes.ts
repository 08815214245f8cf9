import { text } from "../element";

/** Attributes that the client sets itself, or that let a control do more than take a value. */
const REFUSED = new Set(
  (
    "autofocus checked command commandfor contenteditable disabled for form formaction formenctype formmethod " +
    "formnovalidate formtarget hidden href id is list name popovertarget popovertargetaction readonly required " +
    "selected slot src srcdoc type value xmlns"
  ).split(" "),
);
const NAME = /^[a-z][a-z0-9_.:-]*$/;

/** The HTML attributes that Python gives a control. */
export class Attributes {
  private readonly ownClass: string;
  private set = new Set<string>();

  constructor(private readonly target: HTMLElement) {
    this.ownClass = target.className;
  }

  /** Set these attributes, and remove the former ones. */
  update(given: unknown): void {
    const former = this.set;
    this.set = new Set();
    let className = this.ownClass;
    for (const [each, value] of Object.entries(Object(given) as Record<string, unknown>)) {
      const name = each.toLowerCase();
      if (!allowed(name) || value === undefined || value === null || value === false) continue;
      if (name === "class") {
        className = `${className} ${text(value)}`;
        continue;
      }
      this.target.setAttribute(name, value === true ? "" : text(value));
      this.set.add(name);
    }
    this.target.className = className;
    for (const name of former) if (!this.set.has(name)) this.target.removeAttribute(name);
  }
}

/** JupyterLab runs the command that a `data-commandlinker-` attribute names. */
function allowed(name: string): boolean {
  return (
    NAME.test(name) && !REFUSED.has(name) && !name.startsWith("on") && !name.startsWith("data-commandlinker")
  );
}
