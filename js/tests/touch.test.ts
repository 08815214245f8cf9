import { expect, test } from "vitest";
import { watchTouches } from "../src/page/touch";

function watched() {
  const target = new EventTarget();
  const clock = { time: 100 };
  const end = new AbortController();
  const touches: number[] = [];
  watchTouches(
    target,
    () => clock.time,
    () => touches.push(clock.time),
    end.signal,
  );
  return { clock, touches, end, fire: (event: string) => target.dispatchEvent(new Event(event)) };
}

test("a page that gets the focus is touched each time", () => {
  const { touches, fire } = watched();
  fire("focus");
  fire("focus");
  expect(touches).toEqual([100, 100]);
});

test("a hand that stays on a page is told of every ten seconds", () => {
  const { clock, touches, fire } = watched();
  for (let second = 0; second < 25; second++) {
    clock.time = 100 + second;
    fire("pointerdown");
  }
  expect(touches).toEqual([100, 110, 120]);
});

test("a page that has ended says nothing", () => {
  const { touches, end, fire } = watched();
  end.abort();
  fire("focus");
  expect(touches).toEqual([]);
});
