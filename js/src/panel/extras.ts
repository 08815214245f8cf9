import type { OutputNode } from "../session/node";
import type { Surroundings } from "./surroundings";

/** Elements that can be operated by themselves. */
const OPERABLE = "a[href], button";

/** What nodes of all kinds can have, and no view knows of: CSS of their own, and a callback for clicks. */
export class Extras {
  private node: OutputNode | null = null;
  private ended = false;
  /** Whether the element is operable because of the callback. */
  private operable = false;
  /** The view's own. */
  private style: string | null = null;
  private role: string | null = null;

  constructor(
    private readonly element: HTMLElement,
    call: Surroundings["call"],
  ) {
    element.addEventListener("click", () => {
      if (this.operable) call(this.node?.click, null);
    });
    element.addEventListener("keydown", (event) => {
      if (!this.operable || event.target !== element || element.matches(OPERABLE)) return;
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation(); // JupyterLab has shortcuts for them
      if (!event.repeat) call(this.node?.click, null);
    });
  }

  /** Whether a node has any. */
  static needed({ style, click }: OutputNode): boolean {
    return (typeof style === "string" && style !== "") || typeof click === "number";
  }

  show(node: OutputNode): void {
    const { element } = this;
    this.node = node;
    if (typeof node.style === "string" && node.style) {
      this.style = element.style.cssText;
      element.style.cssText += node.style;
    }
    const former = this.operable;
    this.operable = typeof node.click === "number" && !this.ended;
    element.classList.toggle("nbsession-clickable", this.operable);
    if (this.operable && !element.matches(OPERABLE)) {
      this.role = element.getAttribute("role");
      element.setAttribute("role", "button");
      element.tabIndex = 0;
    } else if (former) element.removeAttribute("tabindex");
  }

  /** Leave the element as its view knows it, for a change. The focus stays. */
  undo(): void {
    const { element, style, role } = this;
    if (style !== null) element.style.cssText = style;
    this.style = null;
    if (!this.operable || element.matches(OPERABLE)) return;
    if (role === null) element.removeAttribute("role");
    else element.setAttribute("role", role);
  }

  /** The session has ended: clicks have no effect. */
  end(): void {
    this.ended = true;
    if (!this.node) return;
    this.undo();
    this.show(this.node);
  }
}
