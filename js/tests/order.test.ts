// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { mountSession } from "../src/panel/mount";
import { provideRoots } from "../src/panel/own_root";
import { type FakePython, pair, settled } from "./fake_python";

let target: HTMLElement;
const shared = globalThis as unknown as { seen: unknown[] };

beforeEach(() => {
  target = document.createElement("div");
  document.body.replaceChildren();
  shared.seen = [];
});

const put = (key: number, text = `${key}`) => ["put", { key, kind: "text", text }, null];
const count = ["run", "seen.push(document.querySelectorAll('.nbsession-text').length)", {}];
const note = (text: string) => ["run", "seen.push(text)", { text }];

async function opened(): Promise<ReturnType<typeof pair> & { python: FakePython }> {
  const both = pair();
  provideRoots(both.client, null, null);
  await both.python.openSession();
  return both;
}

test("commands wait until the outputs before them are in the document, in order", async () => {
  const { client, python } = await opened();
  python.tell(1, put(1), count, put(2), count, ["remove", 1], count);
  await settled();
  expect(shared.seen).toEqual([]);
  mountSession(client, 1, target);
  await settled();
  expect(shared.seen).toEqual([]);
  document.body.append(target);
  await settled();
  expect(shared.seen).toEqual([1, 2, 1]);
});

test("without outputs, commands do not wait", async () => {
  const { python } = await opened();
  python.tell(1, note("at once"));
  await settled();
  expect(shared.seen).toEqual(["at once"]);
});

test("a view that is not mounted is waited for once, and for a bounded time", async () => {
  const { client, python, clock } = await opened();
  mountSession(client, 1, target);
  python.tell(1, put(1), note("first"));
  await settled();
  clock.advance(0.9);
  const before = [...shared.seen];
  clock.advance(0.2);
  python.tell(1, put(2), note("second"));
  await settled();
  expect([before, shared.seen]).toEqual([[], ["first", "second"]]);
});

test("after a wait in vain, the next session waits less", async () => {
  const { python, clock } = await opened();
  await python.openSession(2);
  python.tell(1, put(1), note("first"));
  await settled();
  clock.advance(1.1);
  python.tell(2, put(1), note("second"));
  await settled();
  clock.advance(0.15);
  expect(shared.seen).toEqual(["first", "second"]);
});

/** Two sessions, and a function that sends messages to both in one frame. */
async function two() {
  const both = await opened();
  const { python, clock } = both;
  await python.openSession(2);
  clock.advance(1);
  await settled();
  const tellBoth = async (...messages: [channel: number, message: unknown][]) => {
    for (const [channel, message] of messages)
      python.link.send(channel, JSON.stringify(message), [], clock.now());
    python.flush();
    await settled();
  };
  return { ...both, tellBoth };
}

test("commands of other sessions wait behind them, in the order in which they came", async () => {
  const { client, tellBoth } = await two();
  await tellBoth([1, put(1)], [1, note("first")], [2, note("second")], [2, note("third")]);
  expect(shared.seen).toEqual([]);
  document.body.append(target);
  mountSession(client, 1, target);
  await settled();
  expect(shared.seen).toEqual(["first", "second", "third"]);
});

test("outputs of other sessions do not wait", async () => {
  const { client, tellBoth } = await two();
  document.body.append(target);
  mountSession(client, 2, target);
  await tellBoth([1, put(1)], [1, note("waits")], [2, put(1, "shown")]);
  expect(target.textContent).toBe("shown");
});

test("a session that closes lets those go on that wait behind it", async () => {
  const { tellBoth, clock } = await two();
  await tellBoth([1, put(1)], [1, note("first")], [2, note("second")]);
  clock.advance(0.3);
  await tellBoth([0, ["close", 1, "over"]]);
  expect(shared.seen).toEqual(["first", "second"]);
});

test("sessions that wait behind each other wait at the same time", async () => {
  const { tellBoth, clock } = await two();
  await tellBoth([1, put(1)], [1, note("first")], [2, put(1)], [2, note("second")]);
  clock.advance(1.1);
  expect(shared.seen).toEqual(["first", "second"]);
});

test.each([
  ["the session closes", (python: FakePython) => python.tell(0, ["close", 1, "over"])],
  ["the session moves to another page", (python: FakePython) => python.tell(1, ["moved", "there"])],
])("commands that wait run when %s", async (_, act) => {
  const { python } = await opened();
  python.tell(1, put(1), note("ran"));
  await settled();
  act(python);
  await settled();
  expect(shared.seen).toEqual(["ran"]);
});

test("commands that wait run when the page is left", async () => {
  const { client, python } = await opened();
  python.tell(1, put(1), ["eval", 7, "1 + 1", {}]);
  await settled();
  client.leave();
  expect(python.on(1)).toEqual([["value", 7, 2]]);
});

test("element contains the outputs before any view shows them", async () => {
  const { python, clock } = await opened();
  python.tell(1, put(1, "kept"), ["run", "seen.push(element.textContent)", {}]);
  await settled();
  clock.advance(1.1);
  expect(shared.seen).toEqual(["kept"]);
});

test("what code drew into element is shown by the next view when the first one goes", async () => {
  const { client, python } = await opened();
  document.body.append(target);
  const unmount = mountSession(client, 1, target);
  const other = document.createElement("div");
  document.body.append(other);
  mountSession(client, 1, other);
  python.tell(1, put(1, "output"), ["run", "element.append('drawn')", {}]);
  await settled();
  const both = [target.textContent, other.textContent];
  unmount();
  expect([...both, other.textContent]).toEqual(["outputdrawn", "output", "outputdrawn"]);
});

test("code whose argument is named element does not wait", async () => {
  const { python } = await opened();
  python.tell(1, ["run", "seen.push(element)", { element: 3 }]);
  await settled();
  expect(shared.seen).toEqual([3]);
});

test("the error of code that declares element itself is its own", async () => {
  const { client, python } = await opened();
  document.body.append(target);
  mountSession(client, 1, target);
  python.tell(1, ["run", "let element = 1; foo(", {}]);
  await settled();
  expect(python.on(1)).toEqual([
    ["error", null, expect.objectContaining({ message: expect.not.stringContaining("declared") })],
  ]);
});

test.each(["the view goes first", "the session closes first"])(
  "a root is cleared after the session has closed and no view shows it: %s",
  async (order) => {
    const { client, python } = await opened();
    document.body.append(target);
    const unmount = mountSession(client, 1, target);
    python.tell(1, put(1, "output"));
    await settled();
    const root = target.querySelector(".nbsession-outputs");
    if (order === "the view goes first") unmount();
    const between = root?.textContent;
    python.tell(0, ["close", 1, "over"]);
    await settled();
    if (order !== "the view goes first") unmount();
    expect([between, root?.textContent]).toEqual(["output", ""]);
  },
);

test("signal aborts when the session ends", async () => {
  const { python } = await opened();
  python.tell(1, ["run", "signal.addEventListener('abort', () => seen.push('aborted'))", {}]);
  await settled();
  const before = [...shared.seen];
  python.tell(1, ["ended", "the app has ended", false]);
  await settled();
  expect([before, shared.seen]).toEqual([[], ["aborted"]]);
});

test.each([
  ["element.tagName", "DIV"],
  ["object.element", 3],
  ["[...element.children].length", 0],
  ["await null; let element = 5; return element", 5],
  ["await null; const signal = 1; return [signal, element.tagName]", [1, "DIV"]],
])("the code %j works", async (code, value) => {
  const { client, python } = await opened();
  document.body.append(target);
  mountSession(client, 1, target);
  python.tell(1, ["eval", 1, code, { object: { element: 3 } }]);
  await settled();
  expect(python.on(1)).toEqual([["value", 1, value]]);
});
