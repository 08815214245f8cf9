// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Parsed } from "../src/link";
import { join, pack, split, unpack } from "../src/page/envelope";
import { type Refusal, refusal } from "../src/page/refusal";
import { ServerTransport } from "../src/page/server";
import type { Dial, Wire, WireEvents } from "../src/page/wire";
import { FakeClock } from "./fake_python";

describe("envelopes as bytes", () => {
  const buffers = [new Uint8Array([1, 2, 3]), new Uint8Array(), new Uint8Array([4])];

  test("come back as they went", () => {
    const { envelope, parts: back } = unpack(pack({ context: "ü", frame: { ack: 1 } }, buffers));
    expect(envelope).toEqual({ context: "ü", frame: { ack: 1 } });
    expect(back.map((each) => [...each])).toEqual([[1, 2, 3], [], [4]]);
  });

  test("are found behind one another in a body, wherever that begins", () => {
    const messages = [pack({ a: 1 }, []), pack({ b: 2 }, buffers)];
    const body = new Uint8Array([9, 9, ...join(messages)]).subarray(2);
    expect(split(body).map((each) => unpack(each).envelope)).toEqual([{ a: 1 }, { b: 2 }]);
    expect(split(new Uint8Array())).toEqual([]);
  });

  test.each([[[]], [[0, 0]], [[0, 0, 0, 9, 123, 125]], [[0, 0, 0, 2, 123, 125, 0]]])(
    "that are malformed throw: %j",
    (bytes) => {
      expect(() => unpack(new Uint8Array(bytes))).toThrow();
    },
  );

  test("a body that ends too soon throws", () => {
    expect(() => split(new Uint8Array([0, 0, 0, 5, 1]))).toThrow(RangeError);
  });
});

class FakeWire implements Wire {
  readonly sent: unknown[] = [];
  closed = false;

  constructor(
    readonly way: string,
    readonly events: WireEvents,
  ) {}

  send(message: Uint8Array): void {
    this.sent.push(unpack(message).envelope);
  }

  close(): void {
    this.closed = true;
  }
}

describe("the way to the server", () => {
  let clock: FakeClock;
  let wires: FakeWire[];
  let transport: ServerTransport;
  let told: string[];

  const way =
    (name: string): Dial =>
    (events) => {
      wires.push(new FakeWire(name, events));
      return wires.at(-1) as FakeWire;
    };
  const last = () => wires.at(-1) as FakeWire;

  beforeEach(() => {
    clock = new FakeClock();
    wires = [];
    told = [];
    transport = new ServerTransport([way("socket"), way("http")], clock);
    transport.onConnection = (connection) => told.push(connection);
    transport.onOpened = () => told.push("opened");
    transport.dial();
  });

  test("is a socket where one opens", () => {
    last().events.opened();
    expect(told).toEqual(["connected", "opened"]);
    transport.send({ a: 1 }, []);
    expect(last().sent).toEqual([{ a: 1 }]);
  });

  test("carries messages as one text where the wire can and they are text, else as bytes", () => {
    const texts: string[] = [];
    Object.assign(last(), { sendText: (text: string) => texts.push(text) });
    transport.sendParts({ a: 1 }, []);
    transport.sendParts({ a: 2 }, ['["left"]', "[1,2]"]);
    transport.sendParts({ a: 3 }, ["[3]", new Uint8Array([91, 93])]);
    expect(texts).toEqual(['{"a":1}', '{"a":2,"bodies":[["left"],[1,2]]}']);
    expect(last().sent).toEqual([{ a: 3, buffers: undefined }]);
  });

  test("brings text as messages that have been parsed", () => {
    const heard: unknown[] = [];
    transport.onEnvelope((envelope, parts) => heard.push([envelope, parts]));
    last().events.opened();
    last().events.message('{"a":1}');
    last().events.message('{"a":2,"bodies":[[["run","1"]]]}');
    expect(heard).toEqual([
      [{ a: 1 }, []],
      [{ a: 2 }, [new Parsed([["run", "1"]])]],
    ]);
  });

  test.each(["", "{", '{"bodies":1}', '{"bodies":[1]}', "null"])("brings nothing of the text %j", (text) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const heard: unknown[] = [];
    transport.onEnvelope((envelope) => heard.push(envelope));
    last().events.opened();
    last().events.message(text);
    expect([heard, warn.mock.calls.length]).toEqual([[], 1]);
    warn.mockRestore();
  });

  test("is http where no socket opens", () => {
    last().events.ended();
    clock.advance(0);
    expect(last().way).toBe("http");
  });

  test("is looked for again, with pauses, where there is none", () => {
    for (let tries = 0; tries < 12; tries += 1) {
      last().events.ended();
      clock.advance(5);
    }
    expect(wires.length).toBe(13);
    expect(told).toEqual([]);
  });

  test("is http where a socket opens and brings nothing", () => {
    last().events.opened();
    clock.advance(10);
    expect(wires[0]?.closed).toBe(true);
    clock.advance(0);
    expect(last().way).toBe("http");
  });

  test("is http where a socket opens and ends without having brought anything", () => {
    last().events.opened();
    last().events.ended();
    clock.advance(0);
    expect(last().way).toBe("http");
  });

  test("is left alone when it has brought something once", () => {
    last().events.opened();
    last().events.message("{}");
    clock.advance(1000);
    expect(wires.map((wire) => wire.closed)).toEqual([false]);
  });

  test("stays the one that was found when it is lost", () => {
    last().events.opened();
    last().events.message("{}");
    for (let tries = 0; tries < 3; tries += 1) {
      last().events.ended();
      clock.advance(5);
    }
    expect(wires.map((wire) => wire.way)).toEqual(["socket", "socket", "socket", "socket"]);
    expect(told).toEqual(["connected", "opened", "reconnecting"]);
    last().events.opened();
    expect(told.slice(3)).toEqual(["connected", "opened"]);
  });

  describe("that is refused", () => {
    const forbidden = refusal(403, "text/plain", "Not from here.");
    const away = refusal(503, "text/plain", "");
    let refusals: (Refusal | null)[];

    const start = (...ways: Dial[]) => {
      refusals = [];
      wires = [];
      transport = new ServerTransport(ways, clock, async () => forbidden);
      transport.onConnection = (_, why) => refusals.push(why);
      transport.dial();
    };

    test("tells why, where the wire knows", () => {
      start(way("http"));
      last().events.ended(forbidden);
      expect(refusals).toEqual([forbidden]);
    });

    test("finds out why, where the wire does not know", async () => {
      start(way("socket"));
      last().events.ended();
      await Promise.resolve();
      expect(refusals).toEqual([forbidden]);
    });

    test("leaves the question to the next way, where there is one", async () => {
      start(way("socket"), way("http"));
      last().events.ended();
      await Promise.resolve();
      expect(refusals).toEqual([]);
    });

    test.each([
      ["30 s, where it does not pass", forbidden, 30],
      ["5 s, where it passes", away, 5],
    ])("is tried again after at most %s", (_, why, longest) => {
      start(way("http"));
      for (let tries = 0; tries < 12; tries += 1) {
        last().events.ended(why);
        clock.advance(longest);
      }
      expect(wires.length).toBe(13);
      last().events.ended(why);
      clock.advance(longest - 1);
      expect(wires.length).toBe(13);
    });

    test("forgets why when it has opened", () => {
      start(way("http"));
      last().events.ended(forbidden);
      clock.advance(30);
      last().events.opened();
      last().events.ended();
      expect(refusals).toEqual([forbidden, null, null]);
    });
  });

  test("is tried at once when there is reason to", () => {
    last().events.opened();
    last().events.ended();
    transport.dial();
    expect(wires.length).toBe(2);
    clock.advance(5);
    expect(wires.length).toBe(2);
  });

  test("brings what the server says, once, and nothing from a wire that was lost", () => {
    const heard: unknown[] = [];
    transport.onEnvelope((envelope) => heard.push(envelope));
    const [first] = wires as [FakeWire];
    first.events.opened();
    first.events.message(pack({ a: 1 }, []));
    first.events.ended();
    first.events.message(pack({ late: 1 }, []));
    expect(heard).toEqual([{ a: 1 }]);
  });

  test("ends for good when it is closed", () => {
    last().events.opened();
    transport.close();
    expect(last().closed).toBe(true);
    last().events.ended();
    clock.advance(60);
    expect(wires.length).toBe(1);
  });
});

describe("what a refused page says", () => {
  test.each([
    [403, "text/plain; charset=utf-8", "Not from here.\n", "The server answered 403: Not from here."],
    [400, "application/json", '{"detail":"no token"}', "The server answered 400: no token."],
    [400, "application/json", "{", "The server answered 400: {."],
    [
      502,
      "text/html",
      "<title>502 Bad Gateway</title><h1>nginx</h1>",
      "The server answered 502 Bad Gateway.",
    ],
    [500, "text/html", "<p>It\n  broke</p>", "The server answered 500: It broke."],
    [503, null, "", "The server answered 503."],
    [401, null, "", "The server answered 401. Log in, then try again."],
  ])("of %i with %s", (status, type, body, words) => {
    expect(refusal(status, type, body).words).toBe(words);
  });

  test("has an end", () => {
    expect(refusal(500, "text/plain", "x".repeat(10_000)).words.length).toBeLessThan(1000);
  });
});
