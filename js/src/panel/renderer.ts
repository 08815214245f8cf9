import { whenConnected } from "./connected";
import { element } from "./element";
import type { NodeView } from "./node_view";

/** A front end's own renderers by content type: widgets, formulas, types of extensions. */
export interface MimeRenderer {
  /** Show one of the types; `null` if none needs this renderer. */
  view(data: Record<string, unknown>): NodeView | null;
  /** Typeset the formulas between TeX's delimiters in an element that is in the document. */
  typeset?(element: HTMLElement): void;
}

// The parts that are used of JupyterLab's registry of renderers, and of their (Lumino) widgets:
// https://jupyterlab.readthedocs.io/en/stable/api/interfaces/rendermime.IRenderMimeRegistry.html
interface Renderer {
  readonly node: HTMLElement;
  renderModel(model: unknown): Promise<void>;
  dispose(): void;
}
interface Registry {
  readonly mimeTypes: readonly string[];
  createModel(options: object): unknown;
  createRenderer(type: string): Renderer;
  readonly latexTypesetter?: { typeset(element: HTMLElement): unknown } | null;
}
interface LuminoClass {
  attach(widget: Renderer, host: HTMLElement): void;
}

/** The renderers of the notebook whose widgets a manager manages. */
export function notebookRenderer(manager: unknown): MimeRenderer | null {
  const registry = (Object(manager) as { rendermime?: Registry }).rendermime;
  if (typeof registry?.createRenderer !== "function" || !Array.isArray(registry.mimeTypes)) return null;
  const typesetter = registry.latexTypesetter;
  return {
    view(data) {
      const type = Object.keys(data).find((each) => ours(each) && registry.mimeTypes.includes(each));
      return type === undefined ? null : rendererView(registry, type, data);
    },
    ...(typesetter && { typeset: (element: HTMLElement) => typesetter.typeset(element) }),
  };
}

/** Python sends such types only if a front end may have a renderer for them. */
function ours(type: string): boolean {
  return type === "text/latex" || type.startsWith("application/");
}

function rendererView(registry: Registry, type: string, data: Record<string, unknown>): NodeView {
  const shown = element("div", "nbsession-rendered");
  const renderer = registry.createRenderer(type);
  let pending = true;
  const stop = whenConnected(shown, () => {
    // Lumino's own method. The class is reached through the object, because this is another bundle.
    (renderer.constructor as unknown as LuminoClass).attach(renderer, shown);
    // Trusted: it comes from code that has just been run, like a cell's output.
    renderer
      .renderModel(registry.createModel({ data, metadata: {}, trusted: true }))
      .catch((error) => {
        shown.textContent = String(data["text/plain"] ?? error);
      })
      .finally(() => {
        pending = false;
      });
  });
  const dispose = () => {
    stop();
    renderer.dispose();
  };
  return { element: shown, update: () => {}, pending: () => pending, dispose };
}
