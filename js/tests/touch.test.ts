// @vitest-environment jsdom
import { expect, test } from "vitest";
import { watchTouches } from "../src/page/touch";
import { pair } from "./fake_python";

function watched() {
  const target = new EventTarget();
  const end = new AbortController();
  const touches: string[] = [];
  const fire = (event: string) => target.dispatchEvent(new Event(event));
  watchTouches(target, () => touches.push("touched"), end.signal);
  return { touches, end, fire };
}

test.each(["focus", "pointerdown", "keydown"])("%s is a touch", (event) => {
  const { touches, fire } = watched();
  fire(event);
  fire(event);
  expect(touches).toEqual(["touched", "touched"]);
});

test("a program that gives an element the focus does not touch the page", () => {
  const touches: string[] = [];
  const end = new AbortController();
  watchTouches(window, () => touches.push("touched"), end.signal);
  document.body.append(document.createElement("input"));
  document.querySelector("input")?.focus();
  end.abort();
  expect(document.activeElement?.tagName).toBe("INPUT");
  expect(touches).toEqual([]);
});

test("a page that has ended is not touched", () => {
  const { touches, end, fire } = watched();
  end.abort();
  fire("focus");
  expect(touches).toEqual([]);
});

test("Python is told of the first touch, and of the first one after another page was touched", async () => {
  const { python, client } = pair();
  await python.openSession();
  const touches = () => python.on(0).filter(([name]) => name === "touched").length;
  const touch = async () => {
    client.touched();
    client.touched();
    await null;
    return touches();
  };
  expect(await touch()).toBe(1);
  python.tell(0, ["untouched"]);
  expect(await touch()).toBe(2);
});

test("a context that Python did not know tells of the next touch", async () => {
  const { python, client } = pair();
  await python.openSession();
  client.touched();
  await null;
  python.renew();
  await python.openSession();
  client.touched();
  await null;
  expect(python.on(0).filter(([name]) => name === "touched")).toHaveLength(2);
});
