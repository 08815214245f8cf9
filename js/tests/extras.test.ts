// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { settled } from "./fake_python";
import { showSession } from "./shown_session";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
});

const shown = () => target.querySelector<HTMLElement>(".nbsession-node") as HTMLElement;
const words = (more: object = {}) => ({ key: 1, kind: "text", text: "t", ...more });
const press = (key: string, more: object = {}) =>
  shown().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
/** A session whose output was pressed: what Python has heard. */
const heard = async (python: { on(channel: number): unknown[][] }) => {
  await settled();
  return python.on(1);
};

test("an output has the style that Python gives it, and loses it again", async () => {
  const { put, tell } = await showSession(target);
  await put(words({ style: "color: red; margin-top: 3px" }));
  expect([shown().style.color, shown().style.marginTop]).toEqual(["red", "3px"]);
  await tell(["update", 1, { style: "color: blue" }]);
  expect([shown().style.color, shown().style.marginTop]).toEqual(["blue", ""]);
  await tell(["update", 1, { style: "" }]);
  expect(shown().style.cssText).toBe("");
});

test("a style comes later, too", async () => {
  const { put, tell } = await showSession(target);
  await put(words());
  await tell(["update", 1, { style: "color: red" }]);
  expect(shown().style.color).toBe("red");
  await tell(["update", 1, { text: "u" }]);
  expect([shown().style.color, shown().textContent]).toEqual(["red", "u"]);
});

test("a style overrides what the output itself has, until it goes", async () => {
  const { put, tell } = await showSession(target);
  const area = { key: 1, kind: "scrollable", height: "10px", least: "", keep_bottom: false, border: false };
  await put({ ...area, style: "height: 20px" });
  expect(shown().style.height).toBe("20px");
  await tell(["update", 1, { height: "30px" }]);
  expect(shown().style.height).toBe("20px");
  await tell(["update", 1, { style: null }]);
  expect(shown().style.height).toBe("30px");
});

test.each([[5], [null], [{}], [["color: red"]], [{ toString: 1 }]])(
  "a style that is %j changes nothing",
  async (style) => {
    const { put, tell } = await showSession(target);
    await put(words({ style }));
    await tell(["update", 1, { style }]);
    expect([shown().textContent, shown().style.cssText]).toEqual(["t", ""]);
  },
);

test("Python hears of a click on an output, and on what is in it", async () => {
  const { put, python } = await showSession(target);
  await put({ key: 1, kind: "scope", name: "s", click: 7 }, words({ key: 2, parent: 1 }));
  target.querySelector<HTMLElement>(".nbsession-text")?.click();
  expect(await heard(python)).toEqual([["callback", 7, null]]);
});

test("an output that can be clicked is a button for the keyboard and for screen readers", async () => {
  const { put, python } = await showSession(target);
  await put(words({ click: 7 }));
  expect([shown().getAttribute("role"), shown().tabIndex]).toEqual(["button", 0]);
  expect(shown().classList.contains("nbsession-clickable")).toBe(true);
  const outside = vi.fn();
  document.addEventListener("keydown", outside);
  const kept = [press("Enter"), press(" ")];
  document.removeEventListener("keydown", outside);
  expect(kept).toEqual([false, false]); // the page does not scroll
  expect(outside).not.toHaveBeenCalled();
  python.clock.advance(1);
  expect(await heard(python)).toEqual([
    ["callback", 7, null],
    ["callback", 7, null],
  ]);
});

test("other keys, a key that is held down, and keys of what is in it press nothing", async () => {
  const { put, python } = await showSession(target);
  const buttons = { key: 2, kind: "buttons", callback: 8, buttons: [{ label: "b" }], parent: 1 };
  await put({ key: 1, kind: "scope", name: "s", click: 7 }, buttons);
  press("x");
  press("Enter", { repeat: true });
  const inner = target.querySelector("button");
  inner?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  expect(await heard(python)).toEqual([]);
});

test("an update changes the callback, and takes it away with all that it has brought", async () => {
  const { put, tell, python } = await showSession(target);
  await put(words());
  await tell(["update", 1, { click: 7 }], ["update", 1, { click: 8 }]);
  shown().click();
  expect(await heard(python)).toEqual([["callback", 8, null]]);
  await tell(["update", 1, { click: null }]);
  shown().click();
  press("Enter");
  expect(await heard(python)).toHaveLength(1);
  const { classList } = shown();
  expect([shown().hasAttribute("role"), shown().hasAttribute("tabindex")]).toEqual([false, false]);
  expect(classList.contains("nbsession-clickable")).toBe(false);
});

test("an output that can be clicked stays so when it changes", async () => {
  const { put, tell } = await showSession(target);
  await put({ key: 1, kind: "notice", level: "info", text: "n", click: 7 });
  await tell(["update", 1, { level: "error" }]);
  expect([shown().getAttribute("role"), shown().classList.contains("nbsession-clickable")]).toEqual([
    "button",
    true,
  ]);
  await tell(["update", 1, { click: null }]);
  expect(shown().getAttribute("role")).toBe("alert");
});

test("a link that can be clicked remains a link", async () => {
  const { put, python } = await showSession(target);
  await put({ key: 1, kind: "link", text: "l", href: "#part", new_window: false, click: 7 });
  expect([shown().hasAttribute("role"), shown().hasAttribute("tabindex")]).toEqual([false, false]);
  expect(press("Enter")).toBe(true); // the browser follows it
  shown().click();
  expect(await heard(python)).toEqual([["callback", 7, null]]);
});

test("nothing can be clicked when the session has ended, also what is shown then", async () => {
  const { put, tell, python } = await showSession(target);
  await put(words({ click: 7 }));
  await tell(["ended", "over", false]);
  const state = () => [shown().hasAttribute("role"), shown().hasAttribute("tabindex")];
  expect(state()).toEqual([false, false]);
  shown().click();
  press("Enter");
  await tell(["snapshot", [words({ key: 2, click: 7 })]], ["update", 2, { click: 8 }]);
  shown().click();
  expect(state()).toEqual([false, false]);
  expect(await heard(python)).toEqual([]);
});

test.each([["7"], [null], [{}], [true]])("a callback that is %j is none", async (click) => {
  const { put } = await showSession(target);
  await put(words({ click }));
  expect(shown().hasAttribute("role")).toBe(false);
});

test("an output that is clickable stays a stop of the Tab key when nothing overflows", async () => {
  let resized = () => {};
  const observer = class {
    constructor(callback: () => void) {
      resized = callback;
    }
    observe(): void {}
    disconnect(): void {}
  };
  vi.stubGlobal("ResizeObserver", observer);
  const { put } = await showSession(target);
  await put({ key: 1, kind: "table", headers: 0, rows: [["a"]], click: 7 });
  resized();
  vi.unstubAllGlobals();
  expect(shown().getAttribute("tabindex")).toBe("0");
});
