import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import { MySQL, PostgreSQL, SQLite, sql } from "@codemirror/lang-sql";
import { xml } from "@codemirror/lang-xml";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage, type StreamParser } from "@codemirror/language";
import { c, cpp, csharp, dart, java, kotlin, objectiveC, scala } from "@codemirror/legacy-modes/mode/clike";
import { diff } from "@codemirror/legacy-modes/mode/diff";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { go } from "@codemirror/legacy-modes/mode/go";
import { groovy } from "@codemirror/legacy-modes/mode/groovy";
import { haskell } from "@codemirror/legacy-modes/mode/haskell";
import { julia } from "@codemirror/legacy-modes/mode/julia";
import { lua } from "@codemirror/legacy-modes/mode/lua";
import { octave } from "@codemirror/legacy-modes/mode/octave";
import { powerShell } from "@codemirror/legacy-modes/mode/powershell";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { r } from "@codemirror/legacy-modes/mode/r";
import { ruby } from "@codemirror/legacy-modes/mode/ruby";
import { rust } from "@codemirror/legacy-modes/mode/rust";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { stex } from "@codemirror/legacy-modes/mode/stex";
import { swift } from "@codemirror/legacy-modes/mode/swift";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import type { Extension } from "@codemirror/state";

interface Language {
  /** Names of modes in CodeMirror 5, extensions of files, and MIME types without `text/x-` or `application/`. */
  names: string;
  load(): Extension;
}

const stream = (names: string, parser: StreamParser<unknown>): Language => ({
  names,
  load: () => StreamLanguage.define(parser),
});

const LANGUAGES: readonly Language[] = [
  { names: "python py pyw cython pyx ipython", load: () => python() },
  { names: "javascript js mjs cjs ecmascript node", load: () => javascript() },
  { names: "jsx", load: () => javascript({ jsx: true }) },
  { names: "typescript ts", load: () => javascript({ typescript: true }) },
  { names: "tsx typescript-jsx", load: () => javascript({ jsx: true, typescript: true }) },
  { names: "json ld+json jsonc json5 map ipynb", load: () => json() },
  { names: "html htm htmlmixed xhtml vue", load: () => html() },
  { names: "css scss less", load: () => css() },
  { names: "xml svg xsl xsd rss html-xml", load: () => xml() },
  { names: "yaml yml", load: () => yaml() },
  { names: "markdown md gfm", load: () => markdown() },
  { names: "sql mssql plsql hive", load: () => sql() },
  { names: "mysql mariadb", load: () => sql({ dialect: MySQL }) },
  { names: "pgsql postgresql", load: () => sql({ dialect: PostgreSQL }) },
  { names: "sqlite", load: () => sql({ dialect: SQLite }) },
  stream("clike c csrc h chdr", c),
  stream("cpp c++ c++src c++hdr cc cxx hpp hh ino", cpp),
  stream("java", java),
  stream("csharp cs", csharp),
  stream("objectivec objective-c m mm", objectiveC),
  stream("scala", scala),
  stream("kotlin kt", kotlin),
  stream("dart", dart),
  stream("shell sh bash zsh ksh", shell),
  stream("powershell ps1 psm1", powerShell),
  stream("go", go),
  stream("rust rs rustsrc", rust),
  stream("ruby rb", ruby),
  stream("r rsrc s", r),
  stream("julia jl", julia),
  stream("octave matlab", octave),
  stream("lua", lua),
  stream("swift", swift),
  stream("groovy gradle", groovy),
  stream("haskell hs", haskell),
  stream("stex latex tex", stex),
  stream("toml", toml),
  stream("properties ini cfg conf", properties),
  stream("dockerfile", dockerFile),
  stream("diff patch", diff),
];

const PREFIX = /^(?:text|application|image)\/(?:x-)?/;

/** The language of a mode; plain text if it is none of these. `mode` may have options, as in CodeMirror 5. */
export function language(mode: unknown): Extension {
  const name = nameOf(mode);
  return LANGUAGES.find(({ names }) => names.split(" ").includes(name))?.load() ?? [];
}

/** A mode's name, without what only a MIME type has. */
export function nameOf(mode: unknown): string {
  const { name, json: isJson, typescript } = Object(mode) as Record<string, unknown>;
  if (isJson === true) return "json";
  if (typescript === true) return "typescript";
  const text = String(typeof mode === "string" ? mode : (name ?? ""));
  return text.toLowerCase().replace(PREFIX, "").replace(/^\./, "");
}
