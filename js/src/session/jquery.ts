import type { Chunks } from "../page/chunks";

type Query = (selector: unknown, context?: unknown) => { not(selector: string): unknown };
type Define = (module: { exports: unknown }, define: undefined) => void;

/** Selectors of what is outside of every view. */
const OUTSIDE = /^\s*(?:html|head|body)\b/i;
/** What a view has of its own. */
const OWN = ".nbsession-header, .nbsession-header *";

/**
 * jQuery for the code of a notebook's sessions. It is no variable of the window, where the front end or other code may
 * have one of their own. It is loaded at its first use.
 */
export class Jquery {
  private loaded: Query | null = null;
  private loading: Promise<void> | null = null;
  private failed = false;
  private readonly confined = new WeakMap<HTMLElement, unknown>();

  constructor(private readonly chunks: Chunks) {}

  /** Whether code that uses it has to wait. If so, `over` follows. */
  waits(over: () => void): boolean {
    if (this.loaded || this.failed) return false;
    this.loading ??= this.load();
    this.loading.then(over);
    return true;
  }

  /** The one whose selectors select in an element. Throws if it is not loaded. */
  within(root: HTMLElement): unknown {
    const { loaded } = this;
    if (!loaded) throw new Error("jQuery could not be loaded");
    let confined = this.confined.get(root);
    if (!confined) {
      confined = new Proxy(loaded, {
        apply: (query, _, [selector, context]) =>
          context === undefined && isSelector(selector)
            ? query(selector, root).not(OWN)
            : query(selector, context),
      });
      this.confined.set(root, confined);
    }
    return confined;
  }

  private async load(): Promise<void> {
    try {
      const address = await this.chunks.file("jquery.js", "text/javascript");
      const source = await (await fetch(address)).text();
      const module: { exports: unknown } = { exports: {} };
      (new Function("module", "define", source) as Define)(module, undefined);
      this.loaded = module.exports as Query;
    } catch (error) {
      this.failed = true;
      console.error("nbsession: jQuery could not be loaded:", error);
    }
  }
}

/** Not HTML, of which jQuery makes elements. */
function isSelector(given: unknown): boolean {
  return typeof given === "string" && !given.trimStart().startsWith("<") && !OUTSIDE.test(given);
}
