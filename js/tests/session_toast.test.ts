// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toast } from "../src/panel/toast";
import { settled } from "./fake_python";
import { showSession } from "./shown_session";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
});

afterEach(() => vi.useRealTimers());

const message = { text: "<b>Done</b>", duration: 0, position: "center", color: "info", callback: null };
const boxes = () => [...document.querySelectorAll<HTMLElement>(".nbsession-toast-box")];
const box = () => boxes()[0] as HTMLElement;
const texts = () => boxes().map((each) => each.firstElementChild?.textContent);
const close = (of = box()) => of.querySelector<HTMLElement>("[aria-label=Close]")?.click();

/** A session whose toast is shown, with a clock that the test moves, and what Python hears in the end. */
async function toasted(more: object) {
  const session = await showSession(target);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  session.python.tell(1, ["toast", { ...message, ...more }]);
  const heard = async () => {
    vi.useRealTimers();
    await settled();
    return session.python.on(1);
  };
  return heard;
}

test("a toast is shown once, however many views the session has", async () => {
  const { client, tell } = await showSession(target);
  const { mountSession } = await import("../src/panel/mount");
  mountSession(client, 1, document.createElement("div"));
  await tell(["toast", message]);
  expect(texts()).toEqual(["<b>Done</b>"]);
});

test("a session without a view shows toasts, too", async () => {
  const { tell, unmount } = await showSession(target);
  unmount();
  await tell(["toast", message]);
  expect(texts()).toEqual(["<b>Done</b>"]);
});

test("toasts stack, each on its side", async () => {
  const { tell } = await showSession(target);
  const sides = ["center", "left", "right", "top"];
  await tell(...sides.map((position) => ["toast", { ...message, position }]));
  expect(boxes().map((each) => each.className.split("-").at(-1))).toEqual([
    "center",
    "left",
    "right",
    "center",
  ]);
  expect(document.querySelectorAll(".nbsession-toasts")).toHaveLength(1);
});

test("a toast waits for the reader, and goes", async () => {
  const { tell } = await showSession(target);
  await tell(["toast", message]);
  close();
  expect(boxes()).toEqual([]);
});

test("a toast goes after its time", async () => {
  await toasted({ duration: 2 });
  vi.advanceTimersByTime(1900);
  expect(boxes()).toHaveLength(1);
  vi.advanceTimersByTime(200);
  expect(boxes()).toHaveLength(0);
});

test.each([
  ["pointerenter", "pointerleave"],
  ["focusin", "focusout"],
])("a toast does not go between %s and %s", async (begin, end) => {
  await toasted({ duration: 2 });
  box().dispatchEvent(new Event(begin));
  vi.advanceTimersByTime(60_000);
  expect(boxes()).toHaveLength(1);
  box().dispatchEvent(new Event(end));
  vi.advanceTimersByTime(2100);
  expect(boxes()).toHaveLength(0);
});

test("a toast that is held twice goes when it is not held at all", async () => {
  await toasted({ duration: 2 });
  for (const each of ["pointerenter", "focusin", "pointerleave"]) box().dispatchEvent(new Event(each));
  vi.advanceTimersByTime(60_000);
  expect(boxes()).toHaveLength(1);
});

test.each([0, -1, 1e12, null, "x", {}])("a toast with duration %j stays", async (duration) => {
  await toasted({ duration });
  vi.advanceTimersByTime(86_400_000);
  expect(boxes()).toHaveLength(1);
});

test("a toast with a callback is a button: pressed, it goes, and Python hears true", async () => {
  const heard = await toasted({ callback: 7 });
  box().querySelector<HTMLButtonElement>("button.nbsession-toast-label")?.click();
  expect(boxes()).toHaveLength(0);
  expect(await heard()).toEqual([["callback", 7, true]]);
});

test("a toast with a callback that the reader closes calls it with false", async () => {
  const heard = await toasted({ callback: 7 });
  close();
  expect(await heard()).toEqual([["callback", 7, false]]);
});

test("a toast with a callback whose time is over calls it with false", async () => {
  const heard = await toasted({ callback: 7, duration: 1 });
  vi.advanceTimersByTime(1000);
  expect(await heard()).toEqual([["callback", 7, false]]);
});

test("without a callback, a toast is no button, and calls nothing", async () => {
  const heard = await toasted({ callback: "7" });
  expect(box().querySelectorAll("button")).toHaveLength(1);
  close();
  expect(await heard()).toEqual([]);
});

test("a toast of a session that has ended calls nothing", async () => {
  const { tell, python } = await showSession(target);
  await tell(["toast", { ...message, callback: 7 }], ["ended", "over", false]);
  close();
  await settled();
  expect(python.on(1)).toEqual([]);
});

test("an error interrupts a screen reader, other toasts wait", async () => {
  const { tell } = await showSession(target);
  await tell(["toast", message], ["toast", { ...message, color: "error" }]);
  expect(boxes().map((each) => each.getAttribute("role"))).toEqual(["status", "alert"]);
});

test.each([
  ["#fff", "rgb(255, 255, 255)", "rgb(0, 0, 0)"],
  ["#000", "rgb(0, 0, 0)", "rgb(255, 255, 255)"],
  ["#FFEB3B", "rgb(255, 235, 59)", "rgb(0, 0, 0)"],
  ["#1565c080", "rgb(21, 101, 192)", "rgb(255, 255, 255)"],
  ["#f008", "rgb(255, 0, 0)", "rgb(0, 0, 0)"],
  ["warn", "rgb(255, 179, 0)", "rgb(0, 0, 0)"],
  ["success", "rgb(46, 125, 50)", "rgb(255, 255, 255)"],
  ["#12345", "rgb(21, 101, 192)", "rgb(255, 255, 255)"],
  ["constructor", "rgb(21, 101, 192)", "rgb(255, 255, 255)"],
  [null, "rgb(21, 101, 192)", "rgb(255, 255, 255)"],
])("a toast of colour %j has legible text", async (color, background, words) => {
  const { tell } = await showSession(target);
  await tell(["toast", { ...message, color }]);
  expect([box().style.backgroundColor, box().style.color]).toEqual([background, words]);
});

test.each([[null], [5], ["x"], [{}], [{ text: null, position: {}, color: [], callback: {} }]])(
  "a toast that is %j stops nothing",
  async (about) => {
    const { tell, put } = await showSession(target);
    await tell(["toast", about]);
    await put({ key: 1, kind: "text", text: "after" });
    expect(target.textContent).toBe("after");
  },
);

test("the focus returns to where it was before it was in a toast", async () => {
  const { tell } = await showSession(target);
  const before = document.createElement("button");
  document.body.append(before);
  before.focus();
  await tell(["toast", message]);
  box().querySelector<HTMLElement>("[aria-label=Close]")?.focus();
  close();
  expect(document.activeElement).toBe(before);
});

test("an error without a view is shown also if a toast has the same text", async () => {
  const { tell } = await showSession(target);
  await tell(["toast", { ...message, text: "same" }]);
  toast("same");
  expect(document.querySelectorAll(".nbsession-toast")).toHaveLength(1);
});

test("toasts are in the modal dialog while there is one", async () => {
  Object.assign(HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement) {
      this.open = true;
    },
    close(this: HTMLDialogElement) {
      this.open = false;
    },
  });
  const { tell, put } = await showSession(target);
  await tell(["toast", message]);
  await put({ key: 1, kind: "popup", title: "p", size: "small", closable: true });
  await tell(["toast", { ...message, position: "left" }]);
  const counts = () =>
    ["dialog", "body > .nbsession-toasts"].map(
      (each) => document.querySelectorAll(`${each} .nbsession-toast-box`).length,
    );
  expect(counts()).toEqual([2, 0]);
  await tell(["remove", 1]);
  expect(counts()).toEqual([0, 2]);
  for (const name of ["showModal", "close"]) Reflect.deleteProperty(HTMLDialogElement.prototype, name);
});
