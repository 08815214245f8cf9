import renderMathInElement, { type RenderMathInElementOptions } from "katex/contrib/auto-render";
import styles from "katex/dist/katex.min.css";

const ENVIRONMENTS = [
  ...["equation", "align", "alignat", "gather"].flatMap((name) => [name, `${name}*`]),
  ...["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "cases", "array", "split", "CD"],
];

const OPTIONS: RenderMathInElementOptions = {
  delimiters: [
    { left: "$$", right: "$$", display: true },
    { left: "\\[", right: "\\]", display: true },
    { left: "\\(", right: "\\)", display: false },
    { left: "$", right: "$", display: false },
    ...ENVIRONMENTS.map((name) => ({ left: `\\begin{${name}}`, right: `\\end{${name}}`, display: true })),
  ],
  // Without numbers, as in JupyterLab: each would be the first of its formula.
  preProcess: (formula) =>
    formula.replace(
      /\\(begin|end)\{(equation|align|alignat|gather)\}/g,
      (_, end, name) => `\\${end}{${name}*}`,
    ),
  // Commands for links, images, classes and styles are shown as text.
  trust: false,
  throwOnError: false,
  errorColor: "var(--nbs-error)",
  strict: "ignore",
  maxSize: 20,
  maxExpand: 300,
};

/** Levels of elements. Formulas that people write have 50; far more end the browser's process when it lays them out. */
const DEEPEST = 300;

let styled = false;

/** Typeset the formulas between TeX's delimiters in an element that contains text only. */
export function typeset(element: HTMLElement): void {
  if (!styled) addStyles();
  const result = document.createElement("div");
  result.textContent = element.textContent;
  try {
    renderMathInElement(result, OPTIONS);
    if (depth(result) > DEEPEST) throw new RangeError("it is nested too deeply");
  } catch (error) {
    console.warn("nbsession: a formula could not be typeset:", error);
    return;
  }
  element.replaceChildren(...result.childNodes);
}

/** The levels of elements in an element, found without recursion. */
function depth(root: Element): number {
  let deepest = 0;
  const rest: [Element, number][] = [[root, 0]];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [element, level] = next;
    deepest = Math.max(deepest, level);
    for (const child of element.children) rest.push([child, level + 1]);
  }
  return deepest;
}

function addStyles(): void {
  styled = true;
  const sheet = document.createElement("style");
  sheet.textContent = styles;
  document.head.append(sheet);
}
