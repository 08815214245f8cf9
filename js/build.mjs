// Bundles the two anywidget modules, the script of the page that our own servers serve, and the style sheets into the Python package.
import { mkdir, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../nbsession/static");

await mkdir(out, { recursive: true });
await build({
  entryPoints: [here("src/entries/bridge.ts"), here("src/entries/view.ts"), here("src/entries/page.ts")],
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
for (const name of ["bridge.js", "view.js", "page.js", "nbsession.css", "page.css"]) {
  process.stdout.write(`${name} ${(await stat(`${out}/${name}`)).size} bytes\n`);
}
