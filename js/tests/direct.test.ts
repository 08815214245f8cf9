// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { DirectTransport } from "../src/page/direct";
import { unpack } from "../src/page/envelope";
import type { Transport } from "../src/page/transport";
import type { Wire, WireEvents } from "../src/page/wire";
import { FakeClock } from "./fake_python";

class FakeComm implements Transport {
  readonly sent: object[] = [];
  receive: (envelope: unknown, parts: []) => void = () => {};

  send(envelope: object): void {
    this.sent.push(envelope);
  }

  onEnvelope(receive: (envelope: unknown, parts: []) => void): () => void {
    this.receive = receive;
    return () => {};
  }
}

class FakeSocket implements Wire {
  readonly sent: unknown[] = [];
  closed = false;

  constructor(readonly events: WireEvents) {}

  send(message: Uint8Array): void {
    this.sent.push(unpack(message).envelope);
  }

  sendText(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }
}

let clock: FakeClock;
let comm: FakeComm;
let sockets: FakeSocket[];
let direct: DirectTransport;
let received: unknown[];
let moves: number;
const last = () => sockets.at(-1) as FakeSocket;

beforeEach(() => {
  clock = new FakeClock();
  comm = new FakeComm();
  sockets = [];
  received = [];
  moves = 0;
  const dial = (events: WireEvents) => {
    sockets.push(new FakeSocket(events));
    return last();
  };
  direct = new DirectTransport(comm, dial, clock);
  direct.onMoved = () => {
    moves += 1;
  };
  direct.onEnvelope((envelope) => received.push(envelope));
});

function attach(key = "first"): void {
  direct.offer("c", key);
  last().events.opened();
  last().events.message(JSON.stringify({ context: "c", attached: key }));
}

test("without a key, messages use the comm", () => {
  direct.send({ frame: 1 }, []);
  expect([comm.sent, sockets]).toEqual([[{ frame: 1 }], []]);
});

test("a key opens a socket, which messages use once Python has answered on it", () => {
  direct.offer("c", "first");
  last().events.opened();
  expect(last().sent).toEqual([{ context: "c", key: "first" }]);
  direct.send({ frame: 1 }, []);
  last().events.message('{"context":"c","attached":"first"}');
  direct.sendParts({ frame: 2 }, ["[1]"]);
  direct.sendParts({ frame: 3 }, [new Uint8Array([1])]);
  expect(comm.sent).toEqual([{ frame: 1 }]);
  expect(last().sent.slice(1)).toMatchObject([{ frame: 2, bodies: [[1]] }, { frame: 3 }]);
  expect([moves, direct.direct]).toEqual([1, true]);
});

test("envelopes are received in both ways", () => {
  attach();
  comm.receive({ by: "comm" }, []);
  last().events.message('{"by":"socket"}');
  expect(received.slice(1)).toEqual([{ by: "comm" }, { by: "socket" }]);
});

test.each(["hello", "alive"])("%s always uses the comm", (name) => {
  attach();
  direct.send({ [name]: true }, []);
  expect(comm.sent).toEqual([{ [name]: true }]);
});

test("a lost socket is reported by comm, and replaced with the next key", () => {
  attach();
  direct.offer("c", "second");
  expect(sockets.length).toBe(1);
  last().events.ended();
  direct.send({ frame: 1 }, []);
  expect(comm.sent).toEqual([{ context: "c", lost: "first" }, { frame: 1 }]);
  expect(moves).toBe(2);
  clock.advance(1);
  last().events.opened();
  expect(last().sent).toEqual([{ context: "c", key: "second" }]);
});

test("a key that comes after the loss is used at once if none was there", () => {
  attach();
  last().events.ended();
  clock.advance(1);
  expect(sockets.length).toBe(1);
  direct.offer("c", "second");
  expect(sockets.length).toBe(2);
});

test("a socket that Python reports as lost is closed", () => {
  attach();
  comm.receive({ context: "c", lost: "another" }, []);
  expect(last().closed).toBe(false);
  comm.receive({ context: "c", lost: "first" }, []);
  expect([last().closed, direct.direct]).toEqual([true, false]);
});

test.each([
  ["ends at once", () => last().events.ended()],
  ["gets no answer", () => clock.advance(11)],
])(
  "if the first socket %s, the page stays on the comm without a message and does not try again",
  (_, fail) => {
    direct.offer("c", "first");
    last().events.opened();
    fail();
    clock.advance(1000);
    expect([last().closed, sockets.length, comm.sent, moves]).toEqual([true, 1, [], 0]);
  },
);

test("one that has worked is tried again for a while", () => {
  attach();
  direct.offer("c", "second");
  last().events.ended();
  for (let time = 0; time < 300; time += 1) {
    clock.advance(1);
    if (!last().closed) last().events.ended();
  }
  expect(sockets.length).toBe(6);
});

test("nothing is left of it with the context", () => {
  attach();
  direct.offer("c", "second");
  direct.reset();
  clock.advance(1000);
  direct.send({ frame: 1 }, []);
  expect([sockets[0]?.closed, sockets.length, comm.sent]).toEqual([true, 1, [{ frame: 1 }]]);
});
