// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { mountSession } from "../src/panel/mount";
import { settled } from "./fake_python";
import { enter, showSession } from "./shown_session";

let target: HTMLElement;

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren(target);
});

const find = <E extends HTMLElement = HTMLInputElement>(selector: string) =>
  target.querySelector<E>(selector);
const pin = (field: object, more: object = {}) => ({
  key: 1,
  kind: "pin",
  field: { name: "p", type: "text", label: "P", value: "", ...field },
  ...more,
});

test("a pin is an output among others, also in a scope", async () => {
  const { put } = await showSession(target);
  await put({ key: 5, kind: "scope", name: "s" }, pin({}, { parent: 5 }), {
    key: 6,
    kind: "text",
    text: "x",
  });
  expect(find(".nbsession-scope .nbsession-pin input")).not.toBeNull();
});

test("what is typed in a pin is sent at most every 100 ms, as it is then", async () => {
  const { put, heard, clock } = await showSession(target);
  await put(pin({}));
  enter(find("input"), "a");
  clock.advance(0.06);
  enter(find("input"), "ab");
  clock.advance(0.03);
  expect(await heard()).toEqual([]);
  clock.advance(0.01);
  expect(await heard()).toEqual([[1, "change", "p", "ab"]]);
});

test("a choice in a pin is sent at once", async () => {
  const { put, heard } = await showSession(target);
  await put(pin({ type: "radio", options: [{ label: "x" }, { label: "y" }], selected: [] }));
  find("input:last-of-type")?.click();
  expect(await heard()).toEqual([[1, "change", "p", [0]]]);
});

test("each press of a pin's button is sent, whatever its type", async () => {
  const { put, heard } = await showSession(target);
  await put(pin({ type: "actions", buttons: [{ label: "x" }, { label: "y", type: "reset" }] }));
  const buttons = target.querySelectorAll("button");
  for (const each of [1, 1, 0]) buttons[each]?.click();
  expect((await heard()).map((each) => each[3])).toEqual([1, 1, 0]);
});

const number = async (heard: () => Promise<unknown>, python: { on(channel: number): unknown[][] }) => {
  await heard();
  return python.on(1).map(([name]) => name);
};

test("Python hears of a change before a value that it has asked for later", async () => {
  const { put, tell, heard, python } = await showSession(target);
  await put(pin({}));
  enter(find("input"), "x");
  await tell(["eval", 1, "1 + 1", {}]);
  expect(await number(heard, python)).toEqual(["input", "value"]);
});

test("Python hears of a change before a callback", async () => {
  const { put, heard, python } = await showSession(target);
  await put(pin({}), { key: 2, kind: "buttons", callback: 7, buttons: [{ label: "b" }], busy: [] });
  enter(find("input"), "x");
  find("button")?.click();
  expect(await number(heard, python)).toEqual(["input", "callback"]);
});

test("Python hears of a change before a call of its function", async () => {
  const { put, tell, heard, python } = await showSession(target);
  await put(pin({}));
  await tell(["run", "globalThis.python = f", { f: null }, [[["f"], "function", 3]]]);
  enter(find("input"), "x");
  const { python: call } = globalThis as unknown as { python?: () => Promise<unknown> };
  void call?.();
  expect(await number(heard, python)).toEqual(["input", "call"]);
});

test("Python hears of a change before the session goes to another page", async () => {
  const { put, tell, heard, python } = await showSession(target);
  await put(pin({}));
  enter(find("input"), "x");
  await tell(["moved", "elsewhere"]);
  expect(await number(heard, python)).toEqual(["input", "left"]);
});

test("a pin shows what the reader has entered, in a later view, too", async () => {
  const { client, put } = await showSession(target);
  await put(pin({ value: "given" }, { typed: "typed" }));
  expect(find("input")?.value).toBe("typed");
  enter(find("input"), "typed here");
  const other = document.createElement("div");
  mountSession(client, 1, other);
  await settled();
  expect(other.querySelector("input")?.value).toBe("typed here");
});

test("a pin that the reader has not used shows the value that Python gives", async () => {
  const { put } = await showSession(target);
  await put(pin({ value: "given" }, { typed: null }));
  expect(find("input")?.value).toBe("given");
});

test("a value that Python sets replaces what waits to be sent", async () => {
  const { put, tell, heard, clock } = await showSession(target);
  await put(pin({ set: 0 }));
  enter(find("input"), "typed");
  const field = { name: "p", type: "text", label: "P", value: "set", set: 1 };
  await tell(["update", 1, { field }]);
  clock.advance(1);
  expect([find("input")?.value, await heard()]).toEqual(["set", []]);
});

test("an update without a new value keeps what is typed", async () => {
  const { put, tell } = await showSession(target);
  await put(pin({ set: 0 }));
  enter(find("input"), "typed");
  await tell(["update", 1, { field: { name: "p", type: "text", label: "New", value: "", set: 0 } }]);
  expect([find("input")?.value, find<HTMLElement>("label")?.textContent]).toEqual(["typed", "New"]);
});

test("a pin without a label is named by its placeholder", async () => {
  const { put } = await showSession(target);
  await put(pin({ label: "", attributes: { placeholder: "Your name" } }));
  expect(find("input")?.getAttribute("aria-label")).toBe("Your name");
});
