import type { OutputNode } from "../session/node";
import { closeButton } from "./close_button";
import { element, setText, text } from "./element";
import { newId } from "./fields/names";
import { cellOf, mayTakeFocus } from "./focus";
import type { NodeView } from "./node_view";
import { placedElement } from "./placed";
import { watchOverflow } from "./scrollable";
import { suppressShortcuts } from "./shortcuts";
import type { Surroundings } from "./surroundings";
import { hostToasts } from "./toast";

const SIZES = new Set(["large", "normal", "small"]);
const FOCUSABLE =
  "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, iframe, [tabindex], [contenteditable]";
/** Between it and the view that it covers, in pixels. */
const MARGIN = 16;

/**
 * Outputs in a dialog. In a notebook, it covers its own view only, so that the reader can stop the cell, and it takes
 * the focus only if a form may. Elsewhere, it is modal.
 */
export function popupView(node: OutputNode, around: Surroundings): NodeView {
  const title = element("div", "nbsession-popup-title");
  title.id = newId();
  title.setAttribute("role", "heading");
  title.setAttribute("aria-level", "2");
  const body = element("div", "nbsession-popup-body nbsession-flow");
  const dismiss = closeButton(() => closedByReader());
  const head = element("div", "nbsession-popup-head", title, dismiss);
  const dialog = element("dialog", "", head, body);
  dialog.tabIndex = -1;
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.setAttribute("aria-label", "Message"); // without a title
  const shown = placedElement("nbsession-node nbsession-popup", () => open());

  let { callback } = node;
  let closable = false;
  let implicit = false;
  let ended = false;
  let modal = false;
  let opened = false;
  let closed = false;
  let before: Element | null = null;

  /** Called again when the view is shown elsewhere: the browser closes a dialog that leaves the document. */
  const open = () => {
    if (closed) return;
    const first = !opened;
    opened = true;
    if (first) before = document.activeElement;
    const may = first && mayTakeFocus(shown, around.app);
    dialog.open = false;
    modal = isModal(shown);
    shown.classList.toggle("nbsession-popup-modal", modal);
    dialog.open = !modal;
    if (modal) {
      dialog.showModal();
      dialog.focus(); // instead of the button that closes it
      hostToasts();
    }
    // When its content is here.
    if (may || modal) setTimeout(enter);
  };
  const enter = () => {
    if (closed || body.contains(document.activeElement)) return;
    if (!modal) center(shown, dialog);
    (focusable(body)[0] ?? dialog).focus();
  };
  const hide = () => {
    if (closed) return;
    closed = true;
    const focused = shown.contains(document.activeElement);
    if (modal) dialog.close();
    dialog.open = false;
    shown.hidden = true;
    hostToasts();
    if (!focused) return;
    const there = before instanceof HTMLElement && before !== document.body && before.isConnected;
    (there ? (before as HTMLElement) : cellOf(shown))?.focus({ preventScroll: true });
  };
  const closedByReader = () => {
    if (closed) return;
    hide();
    if (typeof callback === "number" && !ended) around.call(callback, null);
  };

  suppressShortcuts(dialog);
  dialog.addEventListener("keydown", (event) => {
    if (!modal) event.stopPropagation();
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    event.preventDefault(); // a second one would close it in any case
    if (closable) closedByReader();
  });
  // Other ways to close a modal dialog: a gesture, Escape without the focus in it, or a form in its content.
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    if (closable) closedByReader();
  });
  dialog.addEventListener("close", () => {
    if (closed || dialog.open) return;
    if (closable) closedByReader();
    else open();
  });
  // The dialog's own area is covered by its content: a modal one is clicked itself when its backdrop is.
  const beside = ({ target }: Event) => target === shown || target === dialog;
  let pressed = false;
  shown.addEventListener("mousedown", (event) => {
    pressed = beside(event);
  });
  shown.addEventListener("click", (event) => {
    if (pressed && beside(event) && closable && implicit) closedByReader();
  });

  const update = (changed: OutputNode) => {
    ({ callback } = changed);
    closable = ended || changed.closable === true;
    implicit = changed.implicit_close === true;
    setText(title, text(changed.title));
    title.hidden = !title.textContent;
    dialog.className = `nbsession-popup-${SIZES.has(text(changed.size)) ? text(changed.size) : "normal"}`;
    dismiss.hidden = !closable;
  };
  const end = () => {
    ended = true;
    closable = true; // Python will not close it
    dismiss.hidden = false;
  };
  update(node);
  shown.append(guard(dialog, true), dialog, guard(dialog, false));
  const stop = watchOverflow(body, () => {
    if (!modal) center(shown, dialog);
    return [body];
  });
  const dispose = () => {
    stop();
    hide();
  };
  return { element: shown, update, slot: () => body, end, dispose };
}

/** Whether a dialog may block the whole page: not in a notebook, and not if it would do so without being seen. */
function isModal(place: HTMLElement): boolean {
  if (place.closest(".jp-Notebook, .lm-Widget") || !HTMLDialogElement.prototype.showModal) return false;
  return place.parentElement?.checkVisibility?.() !== false;
}

/** Put a dialog in the middle of what can be seen of its view. */
function center(place: HTMLElement, dialog: HTMLElement): void {
  const { top, height } = place.getBoundingClientRect();
  const middle = (Math.max(0, -top) + Math.min(height, innerHeight - top)) / 2;
  const half = dialog.offsetHeight / 2;
  const most = height - dialog.offsetHeight - MARGIN;
  dialog.style.top = `${Math.max(MARGIN, Math.min(middle - half, most))}px`;
}

function focusable(place: HTMLElement): HTMLElement[] {
  const found = [...place.querySelectorAll<HTMLElement>(FOCUSABLE)];
  return found.filter((each) => each.tabIndex >= 0 && each.checkVisibility?.() !== false);
}

/** What the Tab key reaches when it leaves a dialog: it returns the focus. A modal dialog makes it inert. */
function guard(dialog: HTMLElement, start: boolean): HTMLElement {
  const made = element("span", "");
  made.tabIndex = 0;
  made.addEventListener("focus", ({ relatedTarget }) => {
    const leaves = dialog.contains(relatedTarget as Node | null);
    (focusable(dialog).at(leaves === start ? -1 : 0) ?? dialog).focus();
  });
  return made;
}
