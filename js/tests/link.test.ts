import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bytesOf,
  Link,
  type LinkSettings,
  type Outgoing,
  PAGE_SETTINGS,
  Parsed,
  type Part,
  type Parts,
} from "../src/link";

// Tiny sizes, so that a handful of messages makes batches, fragments, full windows and gaps.
const TINY: LinkSettings = {
  ...PAGE_SETTINGS,
  fragment: 24,
  batch: 30,
  turn: 12,
  windowBytes: 60,
  windowFrames: 5,
  aheadFrames: 8,
  ackDelay: 0.05,
};
const CHANNELS = 3;

interface Packet extends Outgoing {
  to: "here" | "there";
}

/** Two links, and a network that does what `fate` says to each packet. */
class World {
  time = 0;
  readonly wire: Packet[] = [];
  readonly sent: string[][] = Array.from({ length: CHANNELS }, () => []);
  readonly ran: string[][] = Array.from({ length: CHANNELS }, () => []);
  here = new Link(TINY);
  there = new Link({ ...TINY, ackDelay: 0 });
  begun = 0;
  private packets = 0;

  send(channel: number, size: number, binary: number): void {
    const list = this.sent[channel] ?? [];
    const text = JSON.stringify([list.length, "x".repeat(size)]);
    const buffers = binary ? [new Uint8Array(binary).fill(list.length)] : [];
    list.push(shown(JSON.parse(text), buffers));
    this.here.send(channel, text, buffers, this.time);
    this.flush();
  }

  flush(): void {
    const copy = (each: Outgoing) => JSON.parse(JSON.stringify(each.frame));
    for (const each of this.here.transmit(this.time)) {
      this.wire.push({ ...each, frame: copy(each), to: "there" });
    }
    for (const each of this.there.transmit(this.time)) {
      this.wire.push({ ...each, frame: copy(each), to: "here" });
    }
  }

  deliver(index: number, again: boolean): void {
    const packet = this.wire[index];
    if (!packet) return;
    if (!again) this.wire.splice(index, 1);
    const arrivals = this[packet.to].receive(packet.frame, this.carried(packet.buffers), this.time);
    for (const { number, messages } of arrivals) {
      if (packet.to === "there") this.begun = number;
      for (const { channel, body, buffers } of messages) this.ran[channel]?.push(shown(body, buffers));
    }
    this.flush();
  }

  /** What becomes of a frame's parts on a wire that carries text every other time. */
  carried(parts: readonly Part[]): Parts {
    this.packets += 1;
    const texts = parts.filter((part) => typeof part === "string");
    if (this.packets % 2 && texts.length === parts.length)
      return texts.map((text) => new Parsed(JSON.parse(text)));
    return parts.map(bytesOf);
  }

  /** The network is kind from now on. */
  settle(): void {
    for (let turn = 0; turn < 2000; turn++) {
      while (this.wire.length) this.deliver(0, false);
      const due = Math.min(this.here.deadline() ?? Infinity, this.there.deadline() ?? Infinity);
      if (due === Infinity) return;
      this.time = Math.max(this.time, due);
      this.flush();
    }
    throw new Error("the links do not come to rest");
  }
}

function shown(body: unknown, buffers: readonly Uint8Array[]): string {
  return JSON.stringify([body, buffers.map((each) => [...each])]);
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      channel: fc.nat(CHANNELS - 1),
      size: fc.nat(70),
      binary: fc.nat(40),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("deliver" as const), index: fc.nat(5) }) },
  fc.record({ do: fc.constant("double" as const), index: fc.nat(5) }),
  fc.record({ do: fc.constant("drop" as const), index: fc.nat(5) }),
  fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(0.001, 0.01, 0.3, 1.5) }),
);
const history = fc.array(step, { maxLength: 60 });
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function act(world: World, each: Step): void {
  switch (each.do) {
    case "send":
      return world.send(each.channel, each.size, each.binary);
    case "deliver":
      return world.deliver(each.index, false);
    case "double":
      return world.deliver(each.index, true);
    case "drop":
      world.wire.splice(each.index, 1);
      return;
    case "wait":
      world.time += each.seconds;
      world.flush();
  }
}

test("whatever the network drops, doubles and reorders: each message once, in the order of its channel", () => {
  fc.assert(
    fc.property(history, (steps) => {
      const world = new World();
      for (const each of steps) act(world, each);
      world.settle();
      expect(world.ran).toEqual(world.sent);
      expect(world.here.inFlight + world.here.waiting()).toBe(0);
    }),
    { numRuns: 400 },
  );
});

test("a context that dies leaves each message at most once, and names all that it does not know", () => {
  fc.assert(
    fc.property(history, history, fc.boolean(), fc.boolean(), (before, after, knows, finished) => {
      const world = new World();
      for (const each of before) act(world, each);
      // The old context is gone, with what was on its way to it; the new one says what had begun.
      world.wire.length = 0;
      const inDoubt = world.here.renew(knows ? world.begun : null, finished);
      world.there = new Link({ ...TINY, ackDelay: 0 });
      for (const each of after) act(world, each);
      world.settle();
      const doubted = inDoubt.map((each) => `${each.channel}${shown(each.body, each.buffers)}`);
      for (let channel = 0; channel < CHANNELS; channel++) {
        const ran = world.ran[channel] ?? [];
        expect(new Set(ran).size).toBe(ran.length);
        const missed = (world.sent[channel] ?? []).filter((each) => !ran.includes(each));
        for (const each of missed) expect(doubted).toContain(channel + each);
        expect(ran).toEqual((world.sent[channel] ?? []).filter((each) => ran.includes(each)));
      }
    }),
    { numRuns: 400 },
  );
});

test("anything at all that comes where a frame is expected is refused, and changes nothing", () => {
  const field = fc.oneof(fc.nat(3), fc.jsonValue());
  const text = fc.array(fc.jsonValue()).map((messages) => new Parsed(messages));
  const parts = fc.oneof(fc.array(fc.uint8Array(), { maxLength: 2 }), fc.array(text, { maxLength: 2 }));
  const frame = fc.oneof(
    fc.jsonValue(),
    fc.record({ number: field, ack: field, items: field }),
    fc.record({ number: field, ack: fc.constant(0), items: fc.array(fc.array(field, { maxLength: 3 })) }),
    fc.record({ ack: field, missing: field }),
    fc.record({ ack: field, probe: field }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(frame, parts)), (frames) => {
      const link = new Link();
      let last = 0;
      for (const [each, buffers] of frames) {
        try {
          last = link.receive(each, buffers, 0).at(-1)?.number ?? last;
        } catch (error) {
          expect((error as Error).name).toBe("ProtocolError");
        }
      }
      const arrivals = link.receive({ number: last + 1, ack: 0, items: [] }, [], 1);
      expect(arrivals[0]?.number).toBe(last + 1);
    }),
  );
});

test("a large message that is larger than the peer takes is refused, and leaves nothing behind", () => {
  const link = new Link(TINY);
  link.largest = 30;
  expect(() => link.send(0, JSON.stringify("x".repeat(29)), [], 0)).toThrow(RangeError);
  expect(() => link.send(0, "[1]", [new Uint8Array(28)], 0)).toThrow("it has 31 bytes");
  expect([link.waiting(), link.transmit(0)]).toEqual([0, []]);
  link.send(0, JSON.stringify("x".repeat(28)), [], 0);
  expect(link.transmit(0).length).toBe(1);
});
