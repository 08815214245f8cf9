import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { language } from "./languages";
import { look } from "./look";
import { isDark } from "./themes";

/** Options of CodeMirror 5, whose names and defaults PyWebIO has. Others have no effect. */
export type Options = Readonly<Record<string, unknown>>;

/** What options of CodeMirror 5 are in CodeMirror 6. */
export function extensions(options: Options): Extension[] {
  const {
    mode,
    theme,
    lineNumbers: numbers = true,
    firstLineNumber,
    lineWrapping = true,
    styleActiveLine = true,
    matchBrackets = true,
    indentWithTabs,
    autoCloseBrackets,
    foldGutter: folds,
  } = options;
  const unit = width(options.indentUnit, 4);
  const first = width(firstLineNumber, 1, 0, 1e6);
  return [
    language(mode),
    look(isDark(theme)),
    EditorState.tabSize.of(width(options.tabSize, 4)),
    indentUnit.of(indentWithTabs ? "\t" : " ".repeat(unit)),
    indentOnInput(),
    numbers ? lineNumbers({ formatNumber: (number) => String(number - 1 + first) }) : [],
    folds ? [foldGutter(), keymap.of(foldKeymap)] : [],
    lineWrapping ? EditorView.lineWrapping : [],
    styleActiveLine ? [highlightActiveLine(), highlightActiveLineGutter()] : [],
    matchBrackets ? bracketMatching() : [],
    autoCloseBrackets ? [closeBrackets(), keymap.of(closeBracketsKeymap)] : [],
  ];
}

function width(given: unknown, usual: number, least = 1, most = 16): number {
  const number = Number(given ?? usual);
  return Number.isInteger(number) && number >= least && number <= most ? number : usual;
}
