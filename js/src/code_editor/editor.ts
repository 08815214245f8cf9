import { history } from "@codemirror/commands";
import { Annotation, Compartment, EditorState, type Extension, type Transaction } from "@codemirror/state";
import { drawSelection, dropCursor, EditorView, highlightSpecialChars, placeholder } from "@codemirror/view";
import { bar } from "./bar";
import { FullScreenElement } from "./full_screen";
import { keys } from "./keys";
import { extensions, type Options } from "./options";
import { isDark } from "./themes";

/** What may change while the editor is shown. */
export interface Changing {
  options: Options;
  rows: number;
  readOnly: boolean;
  disabled: boolean;
  placeholder: string;
  /** Maximum number of UTF-16 units that the reader may enter; negative for no maximum. */
  maxLength: number;
}

export interface Editor {
  readonly element: HTMLElement;
  /** The element that has the focus, which is the control for assistive technology. */
  readonly target: HTMLElement;
  text: string;
  update(changing: Changing): void;
  select(from: number, to: number): void;
  focus(): void;
  dispose(): void;
}

const FROM_PYTHON = Annotation.define<true>();

/** Create an editor. `typed` is called with the text whenever the reader has changed it. */
export function createEditor(text: string, initial: Changing, typed: (text: string) => void): Editor {
  const element = document.createElement("div");
  element.className = "nbsession-editor";
  const fullScreen = new FullScreenElement(element, (on) => {
    foot.show(on);
    view.requestMeasure();
    view.focus();
  });
  const foot = bar(() => fullScreen.toggle());
  const optional = new Compartment();
  const changing = new Compartment();
  let options = JSON.stringify(initial.options);
  const view = new EditorView({
    state: EditorState.create({
      doc: text,
      extensions: [
        history(),
        drawSelection(),
        dropCursor(),
        highlightSpecialChars(),
        keys(fullScreen),
        EditorView.updateListener.of(({ docChanged, state, transactions }) => {
          if (docChanged && !transactions.some((each) => each.annotation(FROM_PYTHON)))
            typed(state.doc.toString());
        }),
        optional.of(extensions(initial.options)),
        changing.of(configure(initial)),
      ],
    }),
  });
  element.append(view.dom, foot.element);
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Code editor");
  element.setAttribute("aria-describedby", foot.hintId);
  const measure = (shown: Changing) => {
    const { rows, options, disabled } = shown;
    element.style.setProperty("--nbs-rows", String(rows));
    element.classList.toggle("nbsession-editor-disabled", disabled);
    element.classList.toggle("nbsession-editor-read-only", isReadOnly(shown));
    element.classList.toggle("nbsession-editor-dark", isDark(options.theme));
    foot.name(options.mode);
  };
  measure(initial);

  return {
    element,
    target: view.contentDOM,
    get text() {
      return view.state.doc.toString();
    },
    set text(replacing) {
      if (replacing === view.state.doc.toString()) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: replacing },
        annotations: FROM_PYTHON.of(true),
      });
    },
    update(changed) {
      const effects = [changing.reconfigure(configure(changed))];
      const now = JSON.stringify(changed.options);
      // Another language means reading the text again.
      if (now !== options) effects.push(optional.reconfigure(extensions(changed.options)));
      options = now;
      view.dispatch({ effects });
      measure(changed);
    },
    select(from, to) {
      const { length } = view.state.doc;
      view.dispatch({ selection: { anchor: Math.min(from, length), head: Math.min(to, length) } });
    },
    focus: () => view.focus(),
    dispose() {
      if (fullScreen.on) fullScreen.toggle();
      view.destroy();
      element.remove();
    },
  };
}

function isReadOnly({ readOnly, disabled, options }: Changing): boolean {
  return readOnly || disabled || Boolean(options.readOnly);
}

function configure(changing: Changing): Extension[] {
  const { options, disabled, maxLength } = changing;
  const readOnly = isReadOnly(changing);
  const editable = !disabled && options.readOnly !== "nocursor";
  return [
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(editable),
    changing.placeholder ? placeholder(changing.placeholder) : [],
    maxLength >= 0 ? EditorState.changeFilter.of((change) => fits(change, maxLength)) : [],
    EditorView.contentAttributes.of({
      // Gives read-only text a tab stop, so that the keyboard can scroll it.
      ...(editable || disabled ? {} : { tabindex: "0" }),
      ...(readOnly ? { "aria-readonly": "true" } : {}),
      ...(disabled ? { "aria-disabled": "true" } : {}),
    }),
  ];
}

/** Whether a change may be made: one by Python, or one that makes the text no longer than allowed, or shorter. */
function fits(change: Transaction, maxLength: number): boolean {
  const { length } = change.newDoc;
  return (
    Boolean(change.annotation(FROM_PYTHON)) || length <= maxLength || length < change.startState.doc.length
  );
}
