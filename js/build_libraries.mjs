// Puts together the libraries that charts use and no Python package has. They are scripts that define global variables,
// as on a CDN, and style sheets with their images and fonts inside.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const SCRIPTS = {
  "echarts.js": [
    "echarts/dist/echarts.min.js",
    "echarts-liquidfill/dist/echarts-liquidfill.min.js",
    "echarts-wordcloud/dist/echarts-wordcloud.min.js",
    ...["infographic", "macarons", "roma", "shine", "vintage"].map((theme) => `echarts/theme/${theme}.js`),
  ],
  "echarts-gl.js": ["echarts-gl/dist/echarts-gl.min.js"],
  "vega.js": [
    "vega/build/vega.min.js",
    "vega-lite/build/vega-lite.min.js",
    "vega-embed/build/vega-embed.min.js",
  ],
  "jquery.js": ["jquery/dist/jquery.min.js"],
  "leaflet.js": ["leaflet/dist/leaflet.js", "leaflet.awesome-markers/dist/leaflet.awesome-markers.js"],
};
const STYLES = ["fontawesome.css", "leaflet.css"];

/** The parts of style sheets that are used: of fonts, the format that all browsers know; no second set of images. */
const SMALLER = {
  name: "smaller",
  setup({ onLoad }) {
    onLoad({ filter: /fontawesome-free.*\.css$/ }, ({ path }) =>
      part(path, (css) => css.replaceAll(/,\s*url\([^)]*\.ttf\)\s*format\("truetype"\)/g, "")),
    );
    onLoad({ filter: /awesome-markers\.css$/ }, ({ path }) =>
      part(path, (css) => css.replace(/@media[^{]*\{(?:[^{}]*\{[^}]*\})*\s*\}/, "")),
    );
    onLoad({ filter: /bootstrap\.css$/ }, ({ path }) => part(path, glyphicons));
  },
};

/** Build all of them. Returns their names. */
export async function buildLibraries(out) {
  for (const [name, parts] of Object.entries(SCRIPTS)) {
    const texts = await Promise.all(parts.map((part) => readFile(here(`node_modules/${part}`), "utf8")));
    if (name === "leaflet.js") texts.push(await bundled(name));
    const code = texts.map((text) => text.replace(/^\/\/# sourceMappingURL=.*$/gm, "")).join("\n;\n");
    const options = { minify: true, legalComments: "inline", charset: "ascii" };
    await writeFile(`${out}/${name}`, (await transform(code, options)).code);
  }
  for (const name of STYLES) await writeFile(`${out}/${name}`, await bundled(name));
  return [...Object.keys(SCRIPTS), ...STYLES];
}

/** A file of `src/libraries` with what it imports. */
async function bundled(name) {
  const built = await build({
    entryPoints: [here(`src/libraries/${name}`)],
    bundle: true,
    format: "iife",
    minify: true,
    loader: { ".png": "dataurl", ".woff2": "dataurl" },
    plugins: [SMALLER],
    write: false,
  });
  return built.outputFiles[0].text;
}

async function part(path, change) {
  return { contents: change(await readFile(path, "utf8")), loader: "css" };
}

function glyphicons(css) {
  const rules = css.match(/^\.glyphicon[^{]*\{[^}]*\}/gm);
  const font = 'url("../fonts/glyphicons-halflings-regular.woff2") format("woff2")';
  return `@font-face { font-family: "Glyphicons Halflings"; src: ${font}; } ${rules.join("\n")}`;
}
