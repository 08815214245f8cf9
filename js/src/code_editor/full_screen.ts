/**
 * Lets an element fill the window. As a popover it leaves all boxes around it, without being moved: JupyterLab's cells
 * are inside elements that would keep a `fixed` one.
 */
export class FullScreenElement {
  on = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly changed: (on: boolean) => void,
  ) {}

  toggle(): void {
    this.on = !this.on;
    const { element } = this;
    const scrolled = [...element.querySelectorAll(".cm-scroller")].map((each) => each.scrollTop);
    element.classList.toggle("nbsession-editor-full", this.on);
    if (this.on) {
      element.popover = "manual"; // "auto" would close at a click outside
      element.showPopover?.();
    } else {
      element.hidePopover?.();
      element.removeAttribute("popover");
    }
    element.querySelectorAll(".cm-scroller").forEach((each, index) => {
      each.scrollTop = scrolled[index] ?? 0;
    });
    this.changed(this.on);
  }
}
