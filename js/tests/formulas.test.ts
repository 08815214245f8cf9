// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { typeset } from "../src/katex/typeset";
import { markdownView } from "../src/panel/markdown";
import { mimeView } from "../src/panel/mime";
import { notebookRenderer } from "../src/panel/renderer";
import type { Surroundings } from "../src/panel/surroundings";
import { settled } from "./fake_python";

beforeEach(() => {
  globalThis.ResizeObserver = class {
    observe() {}
    disconnect() {}
  } as unknown as typeof ResizeObserver;
});

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

/** What surrounds a view on a page whose KaTeX the test lets arrive, or fail. */
function page(renderer: Surroundings["renderer"] = null) {
  let arrive: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const chunk = new Promise<object>((resolve, reject) => {
    arrive = () => resolve({ typeset });
    fail = reject;
  });
  const get = vi.fn(() => chunk);
  const around = { renderer, channels: { chunks: { get } } } as unknown as Surroundings;
  return { around, get, arrive: () => arrive(), fail: (error: Error) => fail(error) };
}
const markdown = (html: string) => ({ key: 1, kind: "markdown", html, sanitize: true });
const FORMULA = '<p>a <span class="tex-formula">\\(x^2\\)</span> costs $5 and $6</p>';

test("the text of a formula is shown until KaTeX has arrived", async () => {
  const { around, get, arrive } = page();
  const { element } = markdownView(markdown(FORMULA), around);
  expect(element.textContent).toBe("a \\(x^2\\) costs $5 and $6");
  arrive();
  await settled();
  expect(element.querySelectorAll(".tex-formula .katex math")).toHaveLength(1);
  expect([element.querySelectorAll(".katex").length, get.mock.calls]).toEqual([1, [["katex"]]]);
  expect(element.textContent).toContain("costs $5 and $6");
});

test("the text of a formula stays if KaTeX cannot be loaded", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { around, fail } = page();
  const { element } = markdownView(markdown(FORMULA), around);
  fail(new Error("offline"));
  await settled();
  expect([element.querySelector(".tex-formula")?.textContent, warned.mock.calls.length]).toEqual([
    "\\(x^2\\)",
    1,
  ]);
});

test("Markdown without formulas loads nothing", () => {
  const { around, get } = page();
  markdownView(markdown("<p>costs $5 and $6</p>"), around);
  expect(get).not.toHaveBeenCalled();
});

test("Markdown that changes is typeset again", async () => {
  const { around, arrive } = page();
  const view = markdownView(markdown("<p>a</p>"), around);
  view.update(markdown(FORMULA));
  arrive();
  await settled();
  expect(view.element.querySelectorAll(".katex")).toHaveLength(1);
});

test("a notebook's own typesetter typesets the formulas, when they are in the document", async () => {
  const given: (string | null)[] = [];
  const rendermime = {
    mimeTypes: [],
    createRenderer: () => {},
    latexTypesetter: { typeset: (element: HTMLElement) => given.push(element.textContent) },
  };
  const { around, get } = page(notebookRenderer({ rendermime }));
  const { element } = markdownView(markdown(FORMULA), around);
  document.body.append(element);
  await settled();
  expect([given, get.mock.calls]).toEqual([["\\(x^2\\)"], []]);
});

test.each([null, undefined])("a notebook without a typesetter (%s) uses KaTeX", (latexTypesetter) => {
  const rendermime = { mimeTypes: [], createRenderer: () => {}, latexTypesetter };
  const { around, get } = page(notebookRenderer({ rendermime }));
  markdownView(markdown(FORMULA), around);
  expect(get).toHaveBeenCalledOnce();
});

test("text/latex is text with formulas", async () => {
  const { around, arrive } = page();
  const data = { "text/latex": "<b> $\\displaystyle x$ and \\begin{align*}a&=b\\end{align*}" };
  const { element } = mimeView({ key: 1, kind: "mime", data, alt: "" }, around);
  expect(element.textContent).toBe(data["text/latex"]);
  arrive();
  await settled();
  expect([element.querySelectorAll(".katex").length, element.querySelector("b")]).toEqual([2, null]);
});

/** What a formula becomes. */
function typesetOf(text: string): HTMLElement {
  const element = document.createElement("span");
  element.textContent = text;
  typeset(element);
  return element;
}

test.each([
  "\\href{javascript:alert(1)}{x}",
  "\\url{javascript:alert(1)}",
  "\\includegraphics{https://example.org/x.png}",
  "\\htmlClass{jp-Dialog}{x}",
  "\\htmlId{x}{x}",
  "\\htmlStyle{position:fixed}{x}",
  "\\htmlData{commandlinker-command=x}{x}",
  "\\text{<img src=x onerror=alert(1)>}",
  "<img src=x onerror=alert(1)>",
  "\\unknown{<script>alert(1)</script>}",
  "\\color{red;position:fixed}x",
  "\\textcolor{url(https://example.org)}{x}",
])("a formula cannot do more than be typeset: %s", (formula) => {
  const made = typesetOf(`\\(${formula}\\)`);
  expect(made.querySelectorAll("a, img, script, [id], [href], [src], .jp-Dialog")).toHaveLength(0);
  const attributes = [...made.querySelectorAll("*")].flatMap((each) => [...each.attributes]);
  const wrong = attributes.filter(
    ({ name, value }) => /^(on|data-)/.test(name) || (name === "style" && /position: ?fixed|url/.test(value)),
  );
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

test("a size is bounded", () => {
  const made = typesetOf("\\(\\rule{9999em}{9999em}\\)");
  expect(made.querySelector(".katex-html")?.outerHTML).toMatch(/20em/);
  expect(made.innerHTML.match(/style="[^"]*\d{3}em/)).toBeNull();
});

test.each([
  ["a faulty one", "\\(\\frac{\\)"],
  ["endless macros", "\\(\\def\\a{\\a\\a}\\a\\)"],
  ["one that would crash the browser", `\\(${"\\frac1{".repeat(300)}${"}".repeat(300)}\\)`],
  ["one that is nested too deeply", `\\(${"{".repeat(2000)}${"}".repeat(2000)}\\)`],
])("the text of %s is shown", (_, formula) => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const made = typesetOf(formula);
  expect([made.querySelector(".katex"), made.textContent?.includes(formula.slice(2, -2))]).toEqual([
    null,
    true,
  ]);
});

test("equations have no numbers", () => {
  const made = typesetOf("\\begin{align}a&=b\\end{align}");
  expect([made.querySelectorAll(".katex").length, made.querySelectorAll(".tag, .eqn-num").length]).toEqual([
    1, 0,
  ]);
});

test("a macro of one formula is not in the next", () => {
  typesetOf("\\(\\gdef\\mine{yes}\\mine\\)");
  expect(typesetOf("\\(\\mine\\)").querySelector(".katex-error, [mathcolor]")).not.toBeNull();
});

test("a formula that is too long is not typeset", async () => {
  const { around, get } = page();
  const { element } = markdownView(
    markdown(`<p><span class="tex-formula">\\(${"x".repeat(6000)}\\)</span></p>`),
    around,
  );
  expect([get.mock.calls.length, element.querySelector(".tex-formula")?.textContent?.length]).toEqual([
    0, 6004,
  ]);
});
