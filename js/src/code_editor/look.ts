import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** A colour of JupyterLab's editor, slightly closer to the text's colour for contrast, as in code that is shown. */
const token = (jupyter: string, base: string) =>
  `color-mix(in srgb, var(--jp-mirror-editor-${jupyter}-color, var(--nbs-base-${base})) 80%, var(--nbs-text))`;

/** The colours of the page: JupyterLab's, and similar ones outside. */
const PAGE = {
  "--cm-page": "var(--jp-cell-editor-background, var(--nbs-field, var(--nbs-page)))",
  "--cm-text": "var(--nbs-text)",
  "--cm-faint": "var(--nbs-faint)",
  "--cm-line": "color-mix(in srgb, var(--nbs-text) 5%, transparent)",
  "--cm-cursor": "var(--jp-editor-cursor-color, var(--nbs-text))",
  "--cm-selection": "color-mix(in srgb, var(--nbs-brand) 28%, transparent)",
  "--cm-bracket": "color-mix(in srgb, var(--nbs-done) 30%, transparent)",
  "--cm-keyword": token("keyword", "keyword"),
  "--cm-atom": token("atom", "number"),
  "--cm-number": token("number", "number"),
  "--cm-comment": token("comment", "comment"),
  "--cm-string": token("string", "string"),
  "--cm-operator": token("operator", "operator"),
  "--cm-name": token("def", "name"),
  "--cm-builtin": token("builtin", "keyword"),
  "--cm-meta": token("meta", "operator"),
  "--cm-tag": token("tag", "keyword"),
  "--cm-attribute": token("attribute", "name"),
  "--cm-error": "var(--nbs-error)",
};

/** The colours of dark themes, on every page. */
const DARK = {
  "--cm-page": "#2b2b2b",
  "--cm-text": "#d6d9de",
  "--cm-faint": "#a2a6ad",
  "--cm-line": "rgb(255 255 255 / 5%)",
  "--cm-cursor": "#f0f0f0",
  "--cm-selection": "rgb(110 160 255 / 32%)",
  "--cm-bracket": "rgb(102 187 106 / 35%)",
  "--cm-keyword": "#e39a56",
  "--cm-atom": "#e39a56",
  "--cm-number": "#86b5dc",
  "--cm-comment": "#9aa0a6",
  "--cm-string": "#8fbf7a",
  "--cm-operator": "#d6d9de",
  "--cm-name": "#ffc66d",
  "--cm-builtin": "#b3a6e8",
  "--cm-meta": "#c9c45c",
  "--cm-tag": "#e8bf6a",
  "--cm-attribute": "#c7b8f0",
  "--cm-error": "#ff8a80",
};

const RULES = {
  "&": { height: "100%", color: "var(--cm-text)", backgroundColor: "var(--cm-page)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--nbs-mono)",
    fontSize: "var(--jp-code-font-size, 13px)",
    lineHeight: "var(--jp-code-line-height, 1.45)",
  },
  ".cm-content": { caretColor: "var(--cm-cursor)", padding: "4px 0" },
  ".cm-line": { padding: "0 6px" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--cm-cursor)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection":
    { backgroundColor: "var(--cm-selection)" },
  ".cm-gutters": { color: "var(--cm-faint)", backgroundColor: "var(--cm-page)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 6px 0 10px" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--cm-line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-matchingBracket": { color: "inherit", backgroundColor: "var(--cm-bracket)" },
  "&.cm-focused .cm-nonmatchingBracket": { color: "var(--cm-error)", backgroundColor: "transparent" },
  ".cm-placeholder": { color: "var(--cm-faint)" },
};

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--cm-keyword)", fontWeight: "bold" },
  { tag: [tags.atom, tags.bool, tags.null, tags.labelName], color: "var(--cm-atom)" },
  { tag: tags.number, color: "var(--cm-number)" },
  { tag: tags.comment, color: "var(--cm-comment)", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.character], color: "var(--cm-string)" },
  { tag: [tags.operator, tags.derefOperator], color: "var(--cm-operator)" },
  {
    tag: [
      tags.definition(tags.variableName),
      tags.definition(tags.function(tags.variableName)),
      tags.className,
    ],
    color: "var(--cm-name)",
  },
  { tag: tags.standard(tags.name), color: "var(--cm-builtin)" },
  { tag: [tags.meta, tags.processingInstruction, tags.annotation], color: "var(--cm-meta)" },
  { tag: [tags.tagName, tags.angleBracket], color: "var(--cm-tag)" },
  { tag: [tags.attributeName, tags.propertyName], color: "var(--cm-attribute)" },
  { tag: tags.heading, fontWeight: "bold" },
  { tag: tags.strong, fontWeight: "bold" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: [tags.link, tags.url], color: "var(--nbs-link)", textDecoration: "underline" },
  { tag: tags.inserted, color: "var(--cm-string)" },
  { tag: [tags.deleted, tags.invalid], color: "var(--cm-error)" },
]);

const [FOLLOWING, ALWAYS_DARK] = [PAGE, DARK].map((colours) =>
  EditorView.theme({ ...RULES, "&": { ...RULES["&"], ...colours } }, { dark: colours === DARK }),
);

/** The editor's look: the page's colours, or those of dark themes on every page. */
export function look(dark: boolean): Extension {
  return [(dark ? ALWAYS_DARK : FOLLOWING) ?? [], syntaxHighlighting(COLOURS)];
}
