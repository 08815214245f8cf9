// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { pair, settled } from "./fake_python";

const shared = globalThis as unknown as { ran: unknown[] };

test("a command runs and an eval is answered in the frame that acknowledges both", async () => {
  shared.ran = [];
  const { python } = pair();
  await python.openSession();
  python.tell(1, ["run", "ran.push(x)", { x: 7 }], ["eval", 1, "1 + 1", {}]);
  expect(shared.ran).toEqual([7]);
  expect(python.on(1)).toEqual([["value", 1, 2]]);
  expect(python.link.inFlight).toBe(0);
});

test("the acknowledgement of commands without results goes one macrotask later", async () => {
  const { python } = pair();
  python.tell(0, ["open", 1, { kind: "session" }]);
  expect(python.link.inFlight).toBe(1);
  await settled();
  expect(python.link.inFlight).toBe(0);
});

test("a command that throws does not stop the next one, and is reported", async () => {
  shared.ran = [];
  const { python } = pair();
  await python.openSession();
  python.tell(1, ["run", "throw new TypeError('no')", {}], ["run", "ran.push(1)", {}]);
  expect(shared.ran).toEqual([1]);
  expect(python.on(1)).toMatchObject([
    [
      "error",
      null,
      { name: "TypeError", message: "no", code: "throw new TypeError('no')", key: 0, count: 1 },
    ],
  ]);
});

test("hello is repeated after 1, 2, 4, 8, 10 and 10 seconds until an answer comes", async () => {
  const { python, clock } = pair();
  const times: number[] = [];
  for (let second = 0; second < 45; second++) {
    const before = python.hellos.length;
    clock.advance(1);
    if (python.hellos.length > before) times.push(clock.time);
  }
  expect(times).toEqual([1, 3, 7, 15, 25, 35, 45]);
  python.say({ welcome: { version: "1.0" } });
  clock.advance(60);
  expect(python.hellos.length).toBe(8);
});

test.each([
  ["of a promise", "new Promise((resolve) => resolve('x'.repeat(2 ** 20)))"],
  ["that is there", "'x'.repeat(2 ** 20)"],
])("a value %s that is larger than Python takes is an error", async (_, code) => {
  const { python } = pair();
  await python.openSession();
  python.say({ welcome: { version: "1.0", largest: 2 ** 20 } });
  python.tell(1, ["eval", 7, code, {}]);
  await vi.waitFor(() => expect(python.on(1).length).toBe(1));
  expect(python.on(1)).toMatchObject([["error", 7, { name: "RangeError" }]]);
});

test("a refusal is shown and ends the hellos", async () => {
  const { python, clock, refusals } = pair();
  python.say({ refused: { version: "2.0", reason: "major" } });
  clock.advance(60);
  expect(refusals).toEqual(["refused"]);
  expect(python.hellos.length).toBe(1);
});

test("an expired context says hello as a new one that knows what the old one ran", async () => {
  const { python } = pair();
  await python.openSession();
  const old = python.context;
  python.say({ expired: true });
  expect(python.hellos.length).toBe(2);
  expect(python.context).not.toBe(old);
  expect(python.hellos[1]?.previous).toEqual({ context: old, begun: 1, finished: true });
});

test("what is addressed to another context is ignored", async () => {
  const { python, client } = pair();
  python.say({ context: "other", frame: { number: 1, ack: 0, items: [] } });
  expect(client.channels.session(1)).toBeNull();
});

test("why sessions were closed is remembered of the last thousand", () => {
  const { client } = pair();
  for (let number = 1; number <= 1001; number++) {
    client.channels.deliver({ channel: 0, body: ["close", number, "done"], buffers: [] });
  }
  expect([1, 2, 1001].map((number) => client.channels.closedBecause(number))).toEqual([null, "done", "done"]);
});

test("a message to a channel that is not open is refused once", async () => {
  const { python } = pair();
  python.tell(9, ["run", "1", {}], ["run", "2", {}]);
  await settled();
  expect(python.on(0)).toEqual([["refused", 9]]);
});

test.each([
  [{ frame: null }],
  [{ frame: { number: -1, ack: 0, items: [] } }],
  [{ frame: { number: 1, ack: 5, items: [] } }],
  [{ frame: { number: 1, ack: 0, items: [[1, 1]] } }],
])("a malformed frame %j warns and the client goes on", async (envelope) => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { python } = pair();
  python.say(envelope);
  expect(warn).toHaveBeenCalled();
  await python.openSession();
  python.tell(1, ["eval", 1, "6 * 7", {}]);
  expect(python.on(1)).toEqual([["value", 1, 42]]);
  warn.mockRestore();
});

test.each([[7], [[]], [["open", "x"]], [["open", 3, { kind: "surprise" }]], [["open", 3]]])(
  "a malformed message %j warns or is ignored, and the next one is handled",
  (message) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { python, client } = pair();
    python.link.send(0, JSON.stringify(message), [], 0);
    python.link.send(0, '["open",1,{"kind":"session"}]', [], 0);
    python.flush();
    expect(client.channels.session(1)).not.toBeNull();
    warn.mockRestore();
  },
);
