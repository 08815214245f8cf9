// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pressable } from "../src/panel/pressable";

let button: HTMLButtonElement;
let presses: number;

beforeEach(() => {
  vi.useFakeTimers();
  presses = 0;
  button = document.createElement("button");
  document.body.replaceChildren(button);
  pressable(button, () => presses++);
  button.getBoundingClientRect = () => new DOMRect(10, 100, 50, 20);
});

afterEach(() => vi.useRealTimers());

/** A pointer's event at a place. jsdom has no PointerEvent of its own in all versions. */
function pointer(type: string, y: number, more: object = {}): void {
  const event = new MouseEvent(type, { bubbles: true, clientX: 20, clientY: y, button: 0 });
  for (const [name, value] of Object.entries({ pointerId: 1, pointerType: "mouse", ...more }))
    Object.defineProperty(event, name, { value });
  (type === "pointerdown" ? button : window).dispatchEvent(event);
}

function press(release: () => void, more: object = {}): number {
  pointer("pointerdown", 110, more);
  button.getBoundingClientRect = () => new DOMRect(10, 300, 50, 20);
  release();
  vi.runAllTimers();
  return presses;
}

test("a button that has moved since the mouse was pressed is clicked where it was", () => {
  expect(press(() => pointer("pointerup", 112))).toBe(1);
});

test("a button that the browser clicks is clicked once", () => {
  const release = () => {
    pointer("pointerup", 112);
    button.click();
  };
  expect(press(release)).toBe(1);
});

test("a mouse that is released elsewhere clicks nothing", () => {
  expect(press(() => pointer("pointerup", 200))).toBe(0);
});

test("a press that the browser takes back clicks nothing", () => {
  expect(press(() => pointer("pointercancel", 112))).toBe(0);
});

test("a button that was removed meanwhile is not clicked", () => {
  const release = () => {
    button.remove();
    pointer("pointerup", 112);
  };
  expect(press(release)).toBe(0);
});

test("a disabled button is not clicked", () => {
  const release = () => {
    button.disabled = true;
    pointer("pointerup", 112);
  };
  expect(press(release)).toBe(0);
});

test("a finger's press is the browser's", () => {
  expect(press(() => pointer("pointerup", 112), { pointerType: "touch" })).toBe(0);
});

test("a press that has ended is not followed", () => {
  press(() => pointer("pointerup", 112));
  pointer("pointerup", 112);
  vi.runAllTimers();
  expect(presses).toBe(1);
});
