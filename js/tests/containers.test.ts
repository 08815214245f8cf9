// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { showSession } from "./shown_session";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const find = <E extends HTMLElement = HTMLElement>(selector: string) => target.querySelector<E>(selector);
const all = (selector: string) => [...target.querySelectorAll<HTMLElement>(selector)];
const words = (key: number, slot: number) => ({ key, kind: "text", text: `t${key}`, parent: 1, slot });
/** The keys that leave an element when they are pressed in it. */
function leaving(place: HTMLElement | null | undefined, keys: string[]): string[] {
  const heard: string[] = [];
  const listen = (event: KeyboardEvent) => heard.push(event.key);
  document.addEventListener("keydown", listen);
  for (const key of keys) press(place, key);
  document.removeEventListener("keydown", listen);
  return heard;
}
function press(place: Element | null | undefined, key: string, more: object = {}): boolean {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  return place?.dispatchEvent(event) ?? false;
}

// -- collapse

const collapse = { key: 1, kind: "collapse", title: "More", open: false };

test("what is collapsed is below its title, whatever its slot", async () => {
  const { put } = await showSession(target);
  await put({ ...collapse, title: "<b>More</b>" }, words(2, 0), words(3, 5));
  expect([find("summary")?.textContent, find("details > div")?.textContent]).toEqual(["<b>More</b>", "t2t3"]);
});

test("what the reader has opened stays open until Python opens or closes it", async () => {
  const { put, tell } = await showSession(target);
  await put(collapse);
  const details = find<HTMLDetailsElement>("details") as HTMLDetailsElement;
  details.open = true;
  await tell(["update", 1, { title: "Even more" }], ["update", 1, { open: false }]);
  expect([details.open, find("summary")?.textContent]).toEqual([true, "Even more"]);
  await tell(["update", 1, { open: true }], ["update", 1, { open: false }]);
  expect(details.open).toBe(false);
});

test("it is open if Python says so, with true", async () => {
  const { put } = await showSession(target);
  await put({ ...collapse, open: true }, { ...collapse, key: 2, open: "yes" });
  expect(all("details").map((each) => (each as HTMLDetailsElement).open)).toEqual([true, false]);
});

test("the keys that open it are not the notebook's", async () => {
  const { put } = await showSession(target);
  await put(collapse);
  expect(leaving(find("summary"), ["Enter", " ", "x"])).toEqual(["x"]);
});

// -- tabs

const tabs = (...titles: string[]) => ({
  key: 1,
  kind: "tabs",
  tabs: titles.map((title, index) => ({ title, slots: [index] })),
});
const tab = (index: number) => all("[role=tab]")[index];
const selected = () => all("[role=tab][aria-selected=true]").map((each) => each.textContent);
const visible = () => all("[role=tabpanel]:not([hidden])").map((each) => each.textContent);

test("one tab's outputs are shown: the first's, then those of the one that is clicked", async () => {
  const { put } = await showSession(target);
  await put(tabs("a", "b"), words(2, 0), words(3, 1), words(4, 1));
  expect([selected(), visible()]).toEqual([["a"], ["t2"]]);
  tab(1)?.click();
  expect([selected(), visible()]).toEqual([["b"], ["t3t4"]]);
});

test("tabs are tabs for screen readers, too", async () => {
  const { put } = await showSession(target);
  await put(tabs("a", "<b>"));
  const panels = all("[role=tabpanel]");
  expect(all("[role=tablist] > [role=tab]").map((each) => each.textContent)).toEqual(["a", "<b>"]);
  for (const [index, each] of all("[role=tab]").entries()) {
    expect(each.getAttribute("aria-controls")).toBe(panels[index]?.id);
    expect(panels[index]?.getAttribute("aria-labelledby")).toBe(each.id);
  }
  expect(all("[role=tab]").map((each) => each.tabIndex)).toEqual([0, -1]);
});

test.each([
  ["ArrowRight", 0, "b"],
  ["ArrowLeft", 0, "c"],
  ["ArrowRight", 2, "a"],
  ["ArrowLeft", 1, "a"],
  ["End", 0, "c"],
  ["Home", 2, "a"],
])("%s on tab %d chooses %s, and is not the notebook's", async (key, from, to) => {
  const { put } = await showSession(target);
  await put(tabs("a", "b", "c"));
  tab(from)?.click();
  tab(from)?.focus();
  expect(leaving(tab(from), [key])).toEqual([]);
  expect([selected(), document.activeElement?.textContent]).toEqual([[to], to]);
});

test("keys that a tab does not know choose nothing", async () => {
  const { put } = await showSession(target);
  await put(tabs("a", "b"));
  press(tab(0), "ArrowDown");
  press(tab(0), "ArrowRight", { altKey: true });
  expect(selected()).toEqual(["a"]);
});

test("the chosen tab stays chosen while others come, change and go", async () => {
  const { put, tell } = await showSession(target);
  await put(tabs("a", "b"), words(2, 1));
  tab(1)?.click();
  const panel = find("[role=tabpanel]:not([hidden])");
  const changed = [
    { title: "new", slots: [7] },
    { title: "B", slots: [1] },
    { title: "c", slots: [8] },
  ];
  await tell(["update", 1, { tabs: changed }]);
  expect([selected(), visible()]).toEqual([["B"], ["t2"]]);
  expect(find("[role=tabpanel]:not([hidden])")).toBe(panel);
  expect(all("[role=tab]").map((each) => each.textContent)).toEqual(["new", "B", "c"]);
});

test("when the chosen tab goes, the one in its place is chosen", async () => {
  const { put, tell } = await showSession(target);
  await put(tabs("a", "b"));
  tab(1)?.click();
  await tell(["update", 1, { tabs: [{ title: "a", slots: [0] }] }]);
  expect(selected()).toEqual(["a"]);
  await tell(["update", 1, { tabs: [] }], ["update", 1, { tabs: [{ title: "z", slots: [3] }] }]);
  expect(selected()).toEqual(["z"]);
});

test.each([
  [5],
  [null],
  [[null, "x", 7, {}, { title: null, slots: "no" }]],
  [[{ title: "a", slots: [Number.NaN, "x", null] }]],
  [
    [
      { title: "a", slots: [0] },
      { title: "b", slots: [0] },
    ],
  ],
])("tabs that are %j are shown as far as possible", async (given) => {
  const failed = vi.spyOn(console, "error");
  const { put, tell } = await showSession(target);
  await put({ key: 1, kind: "tabs", tabs: given }, words(2, 0));
  await tell(["update", 1, { tabs: given }]);
  expect(find(".nbsession-tabs")?.textContent).toContain("t2");
  expect(failed).not.toHaveBeenCalled();
});

// -- scrollable

const area = { key: 1, kind: "scrollable", height: "100px", least: "", keep_bottom: true, border: true };

/** Lets a test say when something has another size, and gives the area 100 px of a content of `content` px. */
function layout() {
  const observers: (() => void)[] = [];
  const observer = class {
    constructor(callback: () => void) {
      observers.push(callback);
    }
    observe(): void {}
    disconnect(): void {}
  };
  vi.stubGlobal("ResizeObserver", observer);
  const sizes = { content: 50 };
  vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockImplementation(() => sizes.content);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(100);
  const grow = (content: number) => {
    sizes.content = content;
    for (const each of observers) each();
  };
  /** The reader, or the browser after a change of `scrollTop`. */
  const scroll = (to: number) => {
    const place = find(".nbsession-scroll") as HTMLElement;
    place.scrollTop = to;
    place.dispatchEvent(new Event("scroll"));
  };
  return { grow, scroll, sizes };
}

test("an area has the height that Python wants, and all outputs in it", async () => {
  const { put, tell } = await showSession(target);
  await put(area, words(2, 0), words(3, 4));
  const shown = find(".nbsession-scroll") as HTMLElement;
  expect([shown.style.height, shown.textContent]).toEqual(["100px", "t2t3"]);
  expect(shown.classList.contains("nbsession-scroll-border")).toBe(true);
  await tell(["update", 1, { least: "50px", border: false }]);
  expect([shown.style.height, shown.style.minHeight, shown.style.maxHeight]).toEqual(["", "50px", "100px"]);
  expect(shown.classList.contains("nbsession-scroll-border")).toBe(false);
});

test("an area is another stop of the Tab key only while its content is higher", async () => {
  const { grow } = layout();
  const { put } = await showSession(target);
  await put(area);
  grow(300);
  expect(find(".nbsession-scroll")?.tabIndex).toBe(0);
  grow(50);
  expect(find(".nbsession-scroll")?.hasAttribute("tabindex")).toBe(false);
});

test("the end stays in view", async () => {
  const { grow } = layout();
  const { put } = await showSession(target);
  await put(area);
  grow(300);
  expect(find(".nbsession-scroll")?.scrollTop).toBe(300);
});

test("the end stays in view when more comes before the browser tells that it has scrolled", async () => {
  const { grow, scroll, sizes } = layout();
  const { put } = await showSession(target);
  await put(area);
  grow(300);
  sizes.content = 500;
  scroll(200);
  grow(500);
  expect(find(".nbsession-scroll")?.scrollTop).toBe(500);
});

test("a reader who scrolls up stays there, and follows the end again after a return to it", async () => {
  const { grow, scroll } = layout();
  const { put } = await showSession(target);
  await put(area);
  grow(300);
  scroll(200);
  scroll(120);
  grow(400);
  expect(find(".nbsession-scroll")?.scrollTop).toBe(120);
  scroll(300);
  grow(500);
  expect(find(".nbsession-scroll")?.scrollTop).toBe(500);
});

test("without keep_bottom, an area stays where it is", async () => {
  const { grow } = layout();
  const { put } = await showSession(target);
  await put({ ...area, keep_bottom: false });
  grow(300);
  expect(find(".nbsession-scroll")?.scrollTop).toBe(0);
});

test("the keys that scroll are not the notebook's", async () => {
  const { put } = await showSession(target);
  await put(area);
  expect(leaving(find(".nbsession-scroll"), ["ArrowDown", "End", "x"])).toEqual(["x"]);
});

test("an area with values of other types is shown as far as possible", async () => {
  const failed = vi.spyOn(console, "error");
  const { put } = await showSession(target);
  await put({ ...area, height: {}, least: "1px; color: red", keep_bottom: 5, border: [] }, words(2, 0));
  expect([find(".nbsession-scroll")?.textContent, find(".nbsession-scroll")?.style.color]).toEqual([
    "t2",
    "",
  ]);
  expect(failed).not.toHaveBeenCalled();
});
