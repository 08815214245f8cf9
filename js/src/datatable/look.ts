import { colorSchemeDark, type Theme, themeAlpine, themeBalham, themeMaterial } from "ag-grid-community";

// A length: the heights of rows are calculated from it.
const SIZE = "var(--jp-content-font-size1, 13px)";
const FONT = { fontFamily: "inherit", fontSize: SIZE, dataFontSize: SIZE } as const;

/** The colours and the font of the page. */
const PAGE = {
  ...FONT,
  backgroundColor: "var(--nbs-page)",
  foregroundColor: "var(--nbs-text)",
  textColor: "var(--nbs-text)",
  accentColor: "var(--nbs-brand)",
  borderColor: "var(--nbs-line)",
  chromeBackgroundColor: "var(--nbs-raised)",
  headerBackgroundColor: "var(--nbs-raised)",
  headerTextColor: "var(--nbs-text)",
  invalidColor: "var(--nbs-error)",
  browserColorScheme: "inherit",
} as const;

const THEMES: Record<string, Theme> = {
  alpine: themeAlpine.withParams(PAGE),
  balham: themeBalham.withParams(PAGE),
  material: themeMaterial.withParams(PAGE),
  "alpine-dark": themeAlpine.withPart(colorSchemeDark).withParams(FONT),
  "balham-dark": themeBalham.withPart(colorSchemeDark).withParams(FONT),
};

/** The theme of a name. */
export function look(name: string): Theme {
  return (Object.hasOwn(THEMES, name) ? THEMES[name] : undefined) ?? (THEMES.balham as Theme);
}
