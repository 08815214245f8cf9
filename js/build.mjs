// Bundles the two anywidget modules, the script of the page that our own servers serve, and the style sheets into the Python package.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

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
  legalComments: "none",
});
for (const [source, name] of [
  ["src/panel/nbsession.css", "nbsession.css"],
  ["src/page/page.css", "page.css"],
]) {
  const css = await transform(await readFile(here(source), "utf8"), { loader: "css", minify: true });
  await writeFile(`${out}/${name}`, css.code);
}
for (const name of ["bridge.js", "view.js", "page.js", "nbsession.css", "page.css"]) {
  process.stdout.write(`${name} ${(await stat(`${out}/${name}`)).size} bytes\n`);
}
