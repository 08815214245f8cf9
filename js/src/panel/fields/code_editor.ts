import type { Changing, createEditor, Editor } from "../../code_editor/editor";
import { element } from "../element";
import type { Control, ControlHost } from "./control";
import type { Field } from "./field";
import { textareaControl } from "./textarea";

interface Chunk {
  readonly createEditor: typeof createEditor;
}

/**
 * A code editor: a plain text area, until the editor's code is here and replaces it. If it does not come, the text area
 * stays. Even when it is hidden, it holds the text, which the browser checks.
 */
export function codeEditorControl(field: Field, host: ControlHost): Control {
  const plain = textareaControl(field, host);
  const area = plain.element as HTMLTextAreaElement;
  const shown = element("div", "nbsession-code-editor", area);
  let current = field;
  let editor: Editor | null = null;
  let disposed = false;
  let composing = false;
  let waiting: (() => void) | null = null;

  const changing = (): Changing => ({
    options: Object(current.code) as Record<string, unknown>,
    rows: area.rows,
    readOnly: area.readOnly,
    disabled: area.disabled,
    placeholder: area.placeholder,
    maxLength: area.maxLength,
  });
  const typed = (text: string) => {
    area.value = text;
    host.changed(true);
  };
  /** Replace the text area, with the text, the selection and the focus that it has. */
  const replace = ({ createEditor }: Chunk) => {
    if (disposed) return;
    const made = createEditor(area.value, changing(), typed);
    editor = made;
    const { selectionStart, selectionEnd } = area;
    const focused = document.activeElement === area;
    area.after(made.element);
    made.select(selectionStart, selectionEnd);
    host.replaced();
    // First the focus, which so never leaves the field.
    if (focused) made.focus();
    area.hidden = true;
  };
  area.addEventListener("compositionstart", () => {
    composing = true;
  });
  area.addEventListener("compositionend", () => {
    composing = false;
    waiting?.();
    waiting = null;
  });
  host.around.channels.chunks
    .get("code_editor")
    .then((chunk) => {
      const show = () => replace(chunk as Chunk);
      // An input method loses what it is composing if its element is hidden.
      if (composing) waiting = show;
      else show();
    })
    .catch((error) => console.warn("nbsession: the code editor could not be loaded:", error));

  return {
    ...plain,
    element: shown,
    get target() {
      return editor?.target ?? area;
    },
    write: (value) => {
      plain.write(value);
      if (editor) editor.text = area.value;
    },
    update: (changed) => {
      current = changed;
      plain.update(changed);
      editor?.update(changing());
    },
    lock: (locked) => {
      plain.lock(locked);
      editor?.update(changing());
    },
    fault: () => plain.fault() || tooShort(area),
    focus: () => (editor ?? area).focus(),
    dispose: () => {
      disposed = true;
      editor?.dispose();
    },
  };
}

/** The browser checks the minimum only of what was typed in the text area itself. */
function tooShort({ value, minLength }: HTMLTextAreaElement): string {
  if (!value || value.length >= minLength) return "";
  return `Please enter at least ${minLength} characters (there are ${value.length}).`;
}
