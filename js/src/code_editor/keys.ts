import { defaultKeymap, historyKeymap, indentWithTab } from "@codemirror/commands";
import { type Extension, Prec } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";

/** Time after Escape in which Tab leaves the editor. In milliseconds. */
const TAB_LEAVES_FOR = 3000;

/** How the keyboard leaves the editor, where Tab indents. */
export const HOW_TO_LEAVE = "Esc, then Tab: leave";

export interface FullScreen {
  readonly on: boolean;
  toggle(): void;
}

/**
 * The editor's keys. Escape ends full screen; otherwise, the next Tab leaves the editor. The first Escape goes no
 * further, so that it closes no dialog around the editor.
 */
export function keys(fullScreen: FullScreen): Extension {
  let escaped = 0;
  const escapeOnce = (view: EditorView) => {
    if (fullScreen.on) {
      fullScreen.toggle();
      return true;
    }
    if (Date.now() - escaped < TAB_LEAVES_FOR) return false;
    escaped = Date.now();
    view.setTabFocusMode(TAB_LEAVES_FOR);
    return true;
  };
  const toggle = () => {
    fullScreen.toggle();
    return true;
  };
  const own = [
    { key: "Escape", run: escapeOnce, stopPropagation: true },
    { key: "F11", run: toggle, stopPropagation: true },
  ];
  return [Prec.high(keymap.of(own)), keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab])];
}
