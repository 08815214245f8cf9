import { HOW_TO_LEAVE } from "./keys";
import { nameOf } from "./languages";

export interface Bar {
  readonly element: HTMLElement;
  /** The id of the text that describes the keys. */
  readonly hintId: string;
  name(mode: unknown): void;
  show(fullScreen: boolean): void;
}

let count = 0;

/** The line below the text: its language, how the keyboard leaves the editor, and a button for full screen. */
export function bar(toggle: () => void): Bar {
  const element = document.createElement("div");
  element.className = "nbsession-editor-bar";
  const language = document.createElement("span");
  const hint = document.createElement("span");
  count += 1;
  // Bundles of other kernels in the page count, too.
  hint.id = `nbsession-editor-hint-${count}-${Math.random().toString(36).slice(2, 8)}`;
  hint.textContent = HOW_TO_LEAVE;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "nbsession-editor-full-screen";
  button.addEventListener("click", toggle);
  element.append(language, hint, button);
  const show = (fullScreen: boolean) => {
    hint.hidden = fullScreen; // Escape has another meaning then
    button.textContent = fullScreen ? "Leave full screen (Esc)" : "Full screen (F11)";
    button.setAttribute("aria-pressed", String(fullScreen));
  };
  show(false);
  return {
    element,
    hintId: hint.id,
    name: (mode) => {
      language.textContent = nameOf(mode);
    },
    show,
  };
}
