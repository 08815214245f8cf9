import { freeVega } from "./vega";

// The parts that are used of the libraries.
interface EChart {
  resize(): void;
  dispose(): void;
  getWidth(): number;
  getHeight(): number;
  getModel?(): { get(option: string): unknown };
}
interface BokehDocument {
  clear(): void;
}
interface BokehView {
  readonly el: Element;
  readonly model: { readonly document: BokehDocument | null };
  remove(): void;
}
interface Page {
  echarts?: { getInstanceByDom(place: Element): EChart | undefined };
  Plotly?: { purge(place: Element): void; Plots: { resize(place: Element): Promise<unknown> } };
  Bokeh?: { index?: { roots?: Iterable<BokehView> }; documents?: BokehDocument[] };
}
interface PlotlyPlace extends HTMLElement {
  _fullLayout?: { autosize?: boolean; width?: number; paper_bgcolor?: string; font?: { color?: string } };
}

const ECHARTS = "[_echarts_instance_]";
const BOKEH = "[data-root-id]";
const PLOTLY = ".js-plotly-plot";
/** The style sheet's class for what is readable on a light ground only. */
const ON_LIGHT = "nbsession-on-light";

/**
 * Fit the charts in an element into its width, now and whenever it changes. Returns a function that stops this.
 * `light`: all of it is made for a light ground, as what Bokeh shows beside its plots.
 */
export function watchCharts(shown: HTMLElement, light: boolean): () => void {
  shown.classList.toggle(ON_LIGHT, light || shown.querySelector(BOKEH) !== null);
  const observer = new ResizeObserver(() => fitCharts(shown));
  observer.observe(shown);
  return () => observer.disconnect();
}

/** Let the charts in an element free their listeners and timers. */
export function freeCharts(shown: HTMLElement): void {
  const { echarts, Plotly } = window as Page;
  for (const place of shown.querySelectorAll(ECHARTS)) echarts?.getInstanceByDom(place)?.dispose();
  for (const place of shown.querySelectorAll(PLOTLY)) Plotly?.purge(place);
  freeBokeh(shown);
  freeVega(shown);
}

/** A plot's document has views elsewhere in the page, too. */
function freeBokeh(shown: HTMLElement): void {
  const { index, documents = [] } = (window as Page).Bokeh ?? {};
  const views = [...(index?.roots ?? [])].map((view) => ({ view, document: view.model.document }));
  const gone = new Set(views.filter(({ view }) => shown.contains(view.el)).map(({ document }) => document));
  for (const { view, document } of views) if (gone.has(document)) view.remove();
  for (const document of gone) {
    if (!document) continue;
    document.clear();
    if (documents.includes(document)) documents.splice(documents.indexOf(document), 1);
  }
}

function fitCharts(shown: HTMLElement): void {
  const { echarts, Plotly } = window as Page;
  for (const place of shown.querySelectorAll<HTMLElement>(ECHARTS)) {
    const chart = echarts?.getInstanceByDom(place);
    if (!chart) continue;
    if (chart.getWidth() !== place.clientWidth || chart.getHeight() !== place.clientHeight) chart.resize();
    const model = chart.getModel?.();
    const dark = model?.get("darkMode") === true;
    place.classList.toggle(ON_LIGHT, !dark && isTransparent(model?.get("backgroundColor")));
  }
  for (const place of shown.querySelectorAll<PlotlyPlace>(PLOTLY)) {
    const layout = place._fullLayout;
    const fits = layout?.width === place.clientWidth;
    if (layout?.autosize && place.clientWidth && !fits) Plotly?.Plots.resize(place)?.catch(() => {}); // it was removed
    place.classList.toggle(ON_LIGHT, isTransparent(layout?.paper_bgcolor) && isDark(layout?.font?.color));
  }
}

/** Whether a library's background is none. */
function isTransparent(colour: unknown): boolean {
  if (colour === undefined || colour === null || colour === "") return true;
  return /^(transparent|none|rgba\(.*,\s*0(\.0*)?\))$/.test(String(colour).trim());
}

/** Whether a colour of CSS is a dark one. */
function isDark(colour: string | undefined): boolean {
  const context = document.createElement("canvas").getContext("2d");
  if (!context || !colour) return true;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
}
