// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { type FakeClock, type FakePython, pair, settled } from "./fake_python";

type PythonFunction = (...args: unknown[]) => Promise<unknown>;

const shared = globalThis as unknown as { add: PythonFunction };

let python: FakePython;
let clock: FakeClock;

/** A page to which Python has given the function 7, by a command of session 1. */
beforeEach(async () => {
  ({ python, clock } = pair());
  await python.openSession();
  give();
  await settled();
});

function give(): void {
  python.tell(1, ["run", "globalThis.add = given", { given: null }, [[["given"], "function", 7]]]);
}

/** Let the time pass in which both sides gather what they have to say. */
async function later(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await settled();
    clock.advance(1);
    python.flush();
  }
  await settled();
}

const calls = () => python.on(1).filter(([name]) => name === "call");
const numberOf = (call: unknown[] | undefined) => call?.[2];

test("a call sends the function's number and the arguments", async () => {
  shared.add(2, "three");
  await settled();
  expect(calls()).toEqual([["call", 7, expect.any(Number), [2, "three"]]]);
});

test("arguments follow the rules of values", async () => {
  shared.add({ deep: [Number.NaN] }, 5n);
  await settled();
  const specials = [
    [[0, "deep", 0], "nan"],
    [[1], "bigint", "5"],
  ];
  expect(calls()).toEqual([["call", 7, expect.any(Number), [{ deep: [null] }, null], specials]]);
});

test("bytes are buffers", async () => {
  shared.add(new Uint8Array([1, 2]), new Uint8Array([97, 98, 99]).buffer);
  await settled();
  const [call] = python.received.filter(({ body }) => body[0] === "call");
  expect(call?.buffers.map((buffer) => [...buffer])).toEqual([
    [1, 2],
    [97, 98, 99],
  ]);
});

test("the promise has Python's value", async () => {
  const sum = shared.add(2, 3);
  await settled();
  python.tell(1, ["returned", numberOf(calls()[0]), 5]);
  expect(await sum).toBe(5);
});

test("a value that JSON cannot express comes whole", async () => {
  const value = shared.add();
  await settled();
  python.tell(1, ["returned", numberOf(calls()[0]), [null], [[[0], "inf"]]]);
  expect(await value).toEqual([Number.POSITIVE_INFINITY]);
});

test("a function may return a function", async () => {
  const value = shared.add();
  await settled();
  python.tell(1, ["returned", numberOf(calls()[0]), null, [[[], "function", 8]]]);
  void ((await value) as PythonFunction)("inner");
  await settled();
  expect(calls()[1]).toEqual(["call", 8, expect.any(Number), ["inner"]]);
});

test("an exception rejects the promise", async () => {
  const value = shared.add();
  await settled();
  python.tell(1, ["threw", numberOf(calls()[0]), { name: "KeyError", message: "'x'" }]);
  await expect(value).rejects.toMatchObject({ name: "KeyError", message: "'x'" });
});

test("answers find their calls in any order", async () => {
  const values = [shared.add(1), shared.add(2), shared.add(3)];
  await later();
  const answers = calls().map((call) => ["returned", numberOf(call), (call[3] as number[])[0]]);
  python.tell(1, ...answers.reverse());
  await later();
  expect(await Promise.all(values)).toEqual([1, 2, 3]);
});

test("an answer that nobody waits for is ignored", async () => {
  const value = shared.add();
  await settled();
  python.tell(1, ["returned", 1, "wrong"], ["returned", numberOf(calls()[0]), "right"]);
  expect(await value).toBe("right");
});

test("arguments that cannot be sent reject the promise", async () => {
  const circle: unknown[] = [];
  circle.push(circle);
  await expect(shared.add(circle)).rejects.toThrow(TypeError);
});

test("more calls than Python takes wait for answers", async () => {
  const values = Array.from({ length: 501 }, (_, index) => shared.add(index));
  await settled();
  const before = calls().length;
  python.tell(1, ["returned", numberOf(calls()[0]), null]);
  await settled();
  expect([before, calls().length]).toEqual([500, 501]);
  python.tell(0, ["close", 1, "closed"]);
  await Promise.allSettled(values);
});

const ends: [string, number, unknown[]][] = [
  ["closed", 0, ["close", 1, "the cell was run again"]],
  ["ended", 1, ["ended", "the cell was run again", false]],
];

test.each(ends)("a session that is %s rejects what is not answered", async (_, channel, message) => {
  const value = shared.add();
  await settled();
  python.tell(channel, message);
  await expect(value).rejects.toMatchObject({
    name: "SessionClosedException",
    message: "the cell was run again",
  });
});

test.each(ends)("a session that is %s rejects what waits behind others", async (_, channel, message) => {
  const values = Array.from({ length: 600 }, (_, index) => shared.add(index));
  await settled();
  python.tell(channel, message);
  const ended = await Promise.allSettled(values);
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(["rejected"]));
});

test.each(ends)("a function of a session that is %s cannot be called", async (_, channel, message) => {
  python.tell(channel, message);
  await settled();
  await expect(shared.add()).rejects.toMatchObject({ name: "SessionClosedException" });
});

test("another session's calls go on when one has ended", async () => {
  await python.openSession(2);
  python.tell(2, ["run", "globalThis.other = given", { given: null }, [[["given"], "function", 1]]]);
  await settled();
  await later();
  const value = (globalThis as unknown as { other: PythonFunction }).other();
  await later();
  python.tell(0, ["close", 1, "closed"]);
  const [call] = python.on(2);
  python.tell(2, ["returned", numberOf(call), "here"]);
  await later();
  expect(await value).toBe("here");
});

test("the answer finds a page that the session has left", async () => {
  const value = shared.add();
  python.tell(1, ["moved", "elsewhere"]);
  await settled();
  python.tell(1, ["returned", numberOf(calls()[0]), "late"]);
  expect(await value).toBe("late");
});

test("a function is called from a page that the session has left", async () => {
  python.tell(1, ["moved", "elsewhere"]);
  await settled();
  shared.add("from here");
  await later();
  expect(calls()).toEqual([["call", 7, expect.any(Number), ["from here"]]]);
});

test("an answer does not wait for outputs to be shown", async () => {
  const value = shared.add();
  await settled();
  python.tell(
    1,
    ["put", { key: 1, kind: "text", text: "nobody shows it" }, null],
    ["run", "1", {}],
    ["returned", numberOf(calls()[0]), "now"],
  );
  expect(await value).toBe("now");
});

test("a session that has left, returned and closed leaves no call unanswered", async () => {
  const early = Promise.allSettled([shared.add("before it left")]);
  python.tell(1, ["moved", "elsewhere"]);
  await later();
  await python.openSession();
  await later();
  python.tell(0, ["close", 1, "over"]);
  await later();
  const late = Promise.allSettled([shared.add("after its end")]);
  const ends = [...(await early), ...(await late)];
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("calls of ended sessions take no place of others", async () => {
  await python.openSession(2);
  await later();
  python.tell(2, ["run", "globalThis.other = given", { given: null }, [[["given"], "function", 1]]]);
  await later();
  const { other } = globalThis as unknown as { other: PythonFunction };
  const running = Array.from({ length: 500 }, () => other("running"));
  const ended = Array.from({ length: 10 }, () => shared.add("ended"));
  const settledCalls = Promise.allSettled([...running, ...ended, other("last")]);
  await later();
  python.tell(0, ["close", 1, "over"]);
  await later();
  const [first] = python.on(2);
  python.tell(2, ["returned", numberOf(first), null]);
  await later();
  expect(python.on(2).at(-1)).toEqual(["call", 1, expect.any(Number), ["last"]]);
  python.tell(0, ["close", 2, "over"]);
  await settledCalls;
});
