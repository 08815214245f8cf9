// Bundles the two anywidget modules, the script of the page that our own servers serve, the chunks that these load when
// they first use them (see src/page/chunks.ts), and the style sheets into the Python package.
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { buildLibraries } from "./build_libraries.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** See src/page/chunks.ts. */
const chunks = ["charts", "code_editor", "datatable", "katex"];
const scripts = ["bridge", "view", "page", ...chunks];
const out = here("../nbsession/static");

// KaTeX's style sheet as a text that contains its fonts: in a notebook, no address leads to them.
const katexStyles = {
  name: "katex-styles",
  setup: ({ onLoad }) =>
    onLoad({ filter: /katex\.min\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const fonts = new Map();
      for (const [, name] of css.matchAll(/url\((fonts\/[\w-]+\.woff2)\)/g))
        fonts.set(name, await readFile(`${dirname(path)}/${name}`, "base64"));
      const contents = css
        .replace(/,url\([^)]*\) format\("(woff|truetype)"\)/g, "")
        .replace(
          /url\((fonts\/[\w-]+\.woff2)\)/g,
          (_, name) => `url(data:font/woff2;base64,${fonts.get(name)})`,
        );
      return { contents, loader: "text" };
    }),
};

await mkdir(out, { recursive: true });
await build({
  plugins: [katexStyles],
  entryPoints: scripts.map((name) => here(`src/entries/${name}.ts`)),
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "ascii",
  legalComments: "eof",
});
await build({
  entryPoints: [here("src/panel/nbsession.css"), here("src/page/page.css")],
  outdir: out,
  entryNames: "[name]",
  bundle: true,
  minify: true,
});
const libraries = await buildLibraries(out);
for (const name of [...scripts.map((each) => `${each}.js`), "nbsession.css", "page.css", ...libraries]) {
  const content = await readFile(`${out}/${name}`);
  process.stdout.write(`${name} ${content.length} bytes, ${gzipSync(content).length} compressed\n`);
}
