// Bundles the two anywidget modules, the script of the page that our own servers serve, the chunks that these load when
// they first use them (see src/page/chunks.ts), and the style sheets into the Python package.
import { mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** See src/page/chunks.ts. */
const chunks = ["code_editor", "datatable"];
const scripts = ["bridge", "view", "page", ...chunks];
const out = here("../nbsession/static");

await mkdir(out, { recursive: true });
await build({
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
for (const name of [...scripts.map((each) => `${each}.js`), "nbsession.css", "page.css"]) {
  const content = await readFile(`${out}/${name}`);
  process.stdout.write(`${name} ${content.length} bytes, ${gzipSync(content).length} compressed\n`);
}
