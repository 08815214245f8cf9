// Bundles the two anywidget modules and the stylesheet into the Python package.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../nbsession/static");

await mkdir(out, { recursive: true });
await build({
  entryPoints: [here("src/entries/bridge.ts"), here("src/entries/view.ts")],
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "ascii",
  legalComments: "none",
});
const css = await transform(await readFile(here("src/panel/nbsession.css"), "utf8"), {
  loader: "css",
  minify: true,
});
await writeFile(`${out}/nbsession.css`, css.code);
for (const name of ["bridge.js", "view.js", "nbsession.css"]) {
  process.stdout.write(`${name} ${(await stat(`${out}/${name}`)).size} bytes\n`);
}
