import { whenConnected } from "./connected";
import { element } from "./element";
import type { NodeView } from "./node_view";
import type { Surroundings } from "./surroundings";

/** The class of formulas in Python's HTML. Their text has TeX's delimiters. */
const FORMULA = ".tex-formula";
/** As MathJax's default, in characters: a longer formula may be made to keep the page busy. Its text is shown. */
const LONGEST = 5 * 1024;

interface Katex {
  typeset(element: HTMLElement): void;
}

/** The formulas in HTML. */
export function formulasIn(shown: HTMLElement): HTMLElement[] {
  return [...shown.querySelectorAll<HTMLElement>(FORMULA)];
}

/** Text with formulas between TeX's delimiters. */
export function latexView(source: string, around: Surroundings): NodeView {
  const shown = element("div", "nbsession-node nbsession-content nbsession-latex", source);
  const typeset = typesetter(around);
  typeset.show(shown, [shown]);
  return { element: shown, update: () => {}, dispose: typeset.stop };
}

/**
 * Typesets formulas: with the front end's typesetter, or with KaTeX, which is loaded when it is first needed. Until then,
 * and if it cannot be loaded, their text is shown.
 */
export function typesetter({ renderer, channels }: Surroundings) {
  let stop = () => {};
  const show = (shown: HTMLElement, formulas: readonly HTMLElement[]) => {
    stop();
    const short = formulas.filter((each) => text(each).length <= LONGEST);
    if (!short.length) return;
    const typeset = renderer?.typeset;
    if (typeset) {
      // It measures the fonts around the formulas.
      stop = whenConnected(shown, () => {
        for (const each of short) typeset(each);
      });
      return;
    }
    channels.chunks
      .get("katex")
      .then((katex) => {
        for (const each of short) (katex as Katex).typeset(each);
      })
      .catch((error) => console.warn("nbsession: KaTeX could not be loaded:", error));
  };
  return { show, stop: () => stop() };
}

function text(formula: HTMLElement): string {
  return formula.textContent ?? "";
}
