// @vitest-environment jsdom
import { Blob } from "node:buffer";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { rewriteFrame } from "../src/charts/frame";
import { withIds } from "../src/charts/ids";
import { loadLibrary } from "../src/charts/libraries";
import { render } from "../src/charts/render";
import { withRequire } from "../src/charts/require";
import { freeVega, withVegaPlaces } from "../src/charts/vega";
import { Chunks } from "../src/page/chunks";
import { settled } from "./fake_python";

const page = window as unknown as Record<string, unknown>;
const CDN = "https://cdn.plot.ly/plotly-4.1.1.min.js";
const nothing = async () => {};
const NAMES = ["plotly.js", "bokeh.js", "bokeh-widgets.js", "leaflet.css", "leaflet.js"];
const ADDRESSES = Object.fromEntries(NAMES.map((name) => [name, `https://own/?nbsession=${name}`]));
let shown: HTMLElement;
let observer: MutationObserver | null = null;

beforeEach(() => {
  document.head.replaceChildren();
  shown = document.createElement("div");
  document.body.replaceChildren(shown);
  delete page[Symbol.for("nbsession.libraries") as unknown as string];
  vi.stubGlobal("CSS", { escape: (text: string) => text });
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  let blobs = 0;
  URL.createObjectURL = () => `blob:test/${blobs++}`;
});

afterEach(() => {
  vi.unstubAllGlobals();
  observer?.disconnect();
  for (const name of ["Plotly", "require", "vegaEmbed", "define"]) delete page[name];
});

/** Chunks of a server with addresses for all libraries. Their scripts have no effect here, and are loaded at once. */
function served(...failing: string[]) {
  observer?.disconnect();
  observer = new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (!(node instanceof HTMLScriptElement) || !node.src) continue;
      const type = failing.some((each) => node.src.endsWith(each)) ? "error" : "load";
      node.dispatchEvent(new Event(type));
    }
  });
  observer.observe(document, { childList: true, subtree: true });
  return new Chunks(() => {}, ADDRESSES);
}
const loaded = () => [...document.head.querySelectorAll("script")].map(({ src }) => src.split("=")[1]);
const show = (html: string, charts: object, chunks = served(), signal = new AbortController().signal) =>
  render(shown, html, charts, chunks, signal, () => {});

test("a library is loaded once, after the one that it extends", async () => {
  const chunks = served();
  await Promise.all([loadLibrary("bokeh-widgets.js", chunks), loadLibrary("bokeh-widgets.js", chunks)]);
  expect(loaded()).toEqual(["bokeh.js", "bokeh-widgets.js"]);
});

test("a library that the page has is not loaded", async () => {
  page.Plotly = { newPlot: () => {} };
  await loadLibrary("plotly.js", served());
  expect(loaded()).toEqual([]);
});

test("a library that could not be loaded is loaded at the next use", async () => {
  await expect(loadLibrary("plotly.js", served("plotly.js"))).rejects.toThrow("could not be loaded");
  document.head.replaceChildren();
  await loadLibrary("plotly.js", served());
  expect(loaded()).toEqual(["plotly.js"]);
});

test("libraries do not define modules of the page's RequireJS", async () => {
  const define = () => {};
  page.define = define;
  const loading = loadLibrary("plotly.js", new Chunks(() => {}, ADDRESSES));
  await settled();
  expect(page.define).toBeUndefined();
  document.head.querySelector("script")?.dispatchEvent(new Event("load"));
  await loading;
  expect(page.define).toBe(define);
});

test("a file that Python sends has an address of its own", async () => {
  vi.stubGlobal("Blob", Blob);
  const asked: string[] = [];
  const chunks = new Chunks((name) => asked.push(name));
  const address = chunks.file("plotly.js", "text/javascript");
  chunks.file("plotly.js", "text/javascript");
  chunks.arrived("plotly.js", new Uint8Array(gzipSync("1")));
  expect(await address).toBe("blob:test/0");
  expect(asked).toEqual(["plotly.js"]);
});

test("own files replace the scripts of known addresses, before the code that uses them", async () => {
  const html = `<div id="a"></div><script src="${CDN}" integrity="sha256-x"></script><script>1</script>`;
  await show(html, { addresses: { [CDN]: "plotly.js" }, needs: [] });
  expect(loaded()).toEqual(["plotly.js"]);
  expect(shown.innerHTML).toBe('<div id="a"></div><script>1</script>');
});

test("scripts of other addresses stay as they are", async () => {
  const other = "https://cdn.plot.ly.example.org/plotly-4.1.1.min.js";
  await show(`<script src="${other}"></script>`, { addresses: { [CDN]: "plotly.js" }, needs: [] });
  expect(loaded()).toEqual([]);
  expect(shown.querySelector("script")?.src).toBe(other);
});

test("code that loads a script itself gets an address of one that does nothing", async () => {
  const html = `<script>// require.config({paths: {plotly: "${CDN}"}})</script>`;
  await show(html, { addresses: { [CDN]: "plotly.js" }, needs: [] });
  expect(shown.textContent).toMatch(/^\/\/ require\.config\(\{paths: \{plotly: "blob:test\/\d"\}\}\)$/);
  expect(loaded()).toEqual(["plotly.js"]);
});

test("addresses among the data of a chart stay", async () => {
  const html = `<script>// draw("${CDN}")</script>`;
  await show(html, { addresses: { [CDN]: "plotly.js" }, needs: [] });
  expect(shown.textContent).toBe(`// draw("${CDN}")`);
});

test("rules of an output apply to it only", async () => {
  vi.stubGlobal("CSSScopeRule", class {});
  vi.spyOn(console, "error").mockReturnValue(); // jsdom does not parse the rule
  await show("<style>body {margin: 0}</style><p>", { addresses: {}, needs: [] });
  const scope = shown.dataset.nbsessionChart;
  expect(scope).toMatch(/^\w+$/);
  expect(shown.querySelector("style")?.textContent).toBe(
    `@scope ([data-nbsession-chart="${scope}"]) {body {margin: 0}}`,
  );
});

test.each([
  ["<!DOCTYPE html><html><body><p>", true],
  ["<p>", false],
  ["<p data-root-id=p1>", true],
])("%s is on a light ground: %s", async (html, light) => {
  await show(html, { addresses: {}, needs: [] });
  expect(shown.classList.contains("nbsession-on-light")).toBe(light);
});

test("the output names what could not be loaded", async () => {
  await show("<p>", { addresses: {}, needs: ["plotly.js"] }, served("plotly.js"));
  expect(shown.querySelector(".nbsession-notice")?.textContent).toContain("needs plotly.js");
});

test("an output that has been removed in the meantime shows nothing", async () => {
  const end = new AbortController();
  end.abort();
  await show("<p>", { addresses: {}, needs: [] }, served(), end.signal);
  expect(shown.innerHTML).toBe("");
});

test.each([undefined, null, 1, { addresses: 1, needs: {} }])(
  "a description of %j is none",
  async (charts) => {
    await show("<p>a</p>", charts as object);
    expect(shown.textContent).toBe("a");
  },
);

test("the document of a frame loads own files, each once", () => {
  const frame = document.createElement("iframe");
  const css = "https://cdn.example.org/a.css";
  frame.setAttribute(
    "srcdoc",
    `<script src="${CDN}" integrity="x"></script><script src="${CDN}"></script><link href="${css}"><script>1</script>`,
  );
  rewriteFrame(frame, new Map([[CDN, "blob:own"]]));
  expect(frame.getAttribute("srcdoc")).toBe(
    `<!doctype html><html><head><script src="blob:own"></script><link href="${css}"><script>1</script></head><body></body></html>`,
  );
});

test.each([
  ["", "Map"],
  ["<title>Places</title>", "Places"],
])("a frame is named for screen readers (%s)", (title, name) => {
  const frame = document.createElement("iframe");
  frame.setAttribute("srcdoc", `${title}<script src="${CDN}"></script>`);
  rewriteFrame(frame, new Map([[CDN, "blob:own"]]));
  expect(frame.title).toBe(name);
});

test("a frame without known addresses stays as it is", () => {
  const frame = document.createElement("iframe");
  frame.setAttribute("srcdoc", "<p>a");
  rewriteFrame(frame, new Map([[CDN, "blob:own"]]));
  expect(frame.getAttribute("srcdoc")).toBe("<p>a");
});

test("an id is looked for in the output first, while its code runs", () => {
  document.body.insertAdjacentHTML("afterbegin", '<p id="a">elsewhere</p><p id="b">elsewhere</p>');
  shown.innerHTML = '<p id="a">here</p>';
  const found: unknown[] = [];
  withIds(shown, () => {
    found.push(document.getElementById("a")?.textContent, document.getElementById("b")?.textContent);
  });
  found.push(document.getElementById("a")?.textContent);
  expect(found).toEqual(["here", "elsewhere", "elsewhere"]);
});

test("require hands over libraries that are there, and is gone afterwards", () => {
  page.Plotly = { newPlot: () => {} };
  const given: unknown[] = [];
  withRequire(
    nothing,
    () => false,
    () => {
      (page.require as (...rest: unknown[]) => void)(["plotly"], (Plotly: unknown) => given.push(Plotly));
    },
  );
  expect(given).toEqual([page.Plotly]);
  expect("require" in page).toBe(false);
});

test("require loads other modules from the addresses that the code names", async () => {
  const asked: string[] = [];
  const load = async (addresses: readonly string[]) => void asked.push(...addresses);
  let called = false;
  withRequire(
    load,
    () => false,
    () => {
      const require = page.require as ((...rest: unknown[]) => void) & { config(options: object): void };
      require.config({ paths: { china: "https://host/china" } });
      require(["china"], () => {
        called = true;
      });
    },
  );
  await settled();
  expect([asked, called]).toEqual([["https://host/china.js"], true]);
});

test("require asks the page's own for modules without an address", () => {
  const asked: unknown[] = [];
  const own = (names: unknown) => asked.push(names);
  page.require = own;
  withRequire(
    nothing,
    () => false,
    () => {
      (page.require as (names: string[]) => void)(["other"]);
    },
  );
  expect(asked).toEqual([["other"]]);
  expect(page.require).toBe(own);
});

test("a chart of Vega is drawn in its own output, and is finalized with it", async () => {
  document.body.insertAdjacentHTML("afterbegin", '<p id="vis"></p>');
  shown.innerHTML = '<p id="vis"></p>';
  const places: unknown[] = [];
  const finalize = vi.fn();
  page.vegaEmbed = async (place: unknown) => {
    places.push(place);
    return { finalize };
  };
  withVegaPlaces(shown, () => {
    (page.vegaEmbed as (place: string) => void)("#vis");
  });
  expect(places).toEqual([shown.firstElementChild]);
  await settled();
  freeVega(document.createElement("div"));
  expect(finalize).not.toHaveBeenCalled();
  freeVega(shown);
  expect(finalize).toHaveBeenCalledOnce();
});
