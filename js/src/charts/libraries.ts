import type { Chunks } from "../page/chunks";

/** What the libraries define in the page, by their scripts. */
const DEFINED: Readonly<Record<string, readonly string[]>> = {
  "plotly.js": ["Plotly", "newPlot"],
  "bokeh.js": ["Bokeh", "embed"],
  "vega.js": ["vegaEmbed"],
  "echarts.js": ["echarts", "init"],
  "leaflet.js": ["L", "tileLayer"],
  "jquery.js": ["jQuery"],
};
/** Scripts that extend another one, which has to be there before them. */
const EXTENDED: readonly (readonly [prefix: string, extended: string])[] = [
  ["bokeh-", "bokeh.js"],
  ["echarts-", "echarts.js"],
];
/** The libraries of the document. Several clients, of several notebooks, may share it. */
const SHARED = Symbol.for("nbsession.libraries");

type Loaded = Map<string, Promise<void>>;

/** Load a library's script or style sheet, once in the document. Rejects if it cannot be loaded. */
export async function loadLibrary(name: string, chunks: Chunks): Promise<void> {
  const extended = EXTENDED.find(([prefix]) => name.startsWith(prefix));
  if (extended) await loadLibrary(extended[1], chunks);
  const page = window as unknown as Record<string | symbol, unknown>;
  page[SHARED] ??= new Map();
  const loaded = page[SHARED] as Loaded;
  const known = loaded.get(name);
  if (known) return known;
  if (isDefined(DEFINED[name])) return; // by the front end, or by code of its own
  const loading = insert(name, chunks);
  loaded.set(name, loading);
  loading.catch(() => loaded.delete(name));
  return loading;
}

function isDefined(path: readonly string[] | undefined): boolean {
  let value: unknown = window;
  for (const each of path ?? []) value = Object(value)[each];
  return path !== undefined && value !== undefined;
}

/** The address of a library's file. Rejects if Python does not have it. */
export function libraryAddress(name: string, chunks: Chunks): Promise<string> {
  return chunks.file(name, name.endsWith(".css") ? "text/css" : "text/javascript");
}

async function insert(name: string, chunks: Chunks): Promise<void> {
  const address = await libraryAddress(name, chunks);
  if (!name.endsWith(".css")) return runScript(address);
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.append(link);
}

/** Run a script of an address. Rejects if it cannot be loaded. */
export async function runScript(address: string): Promise<void> {
  const page = window as { define?: unknown };
  const { define } = page;
  // For a page with RequireJS, libraries would define modules of its own instead of their global variables.
  if (define) page.define = undefined;
  const script = document.createElement("script");
  script.src = address;
  try {
    await new Promise((resolve, reject) => {
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${address} could not be loaded`));
      document.head.append(script);
    });
  } finally {
    if (define) page.define = define;
  }
}
