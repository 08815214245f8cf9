// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Parsed } from "../src/link";
import { join, pack, split, unpack } from "../src/page/envelope";
import { http } from "../src/page/http";
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

describe("a wire by http", () => {
  /** What the page asks for, and the server's part of it. */
  class FakeRequest {
    headers: Record<string, string> = {};
    said: unknown[] = [];
    status = 0;
    response = new ArrayBuffer(0);
    responseURL = "";
    onload = () => {};
    onabort = () => {};
    onerror = () => {};
    onloadend = () => {};
    private answered: Record<string, string> = {};

    open(_method: string, url: URL) {
      this.responseURL = url.href;
    }
    setRequestHeader(name: string, value: string) {
      this.headers[name] = value;
    }
    getResponseHeader(name: string) {
      return this.answered[name] ?? null;
    }
    send(body: Uint8Array | null) {
      this.said = body ? split(body).map((each) => unpack(each).envelope) : [];
      requests.push(this);
    }
    abort() {
      this.onabort();
      this.onloadend();
    }

    answer(envelopes: object[], headers: Record<string, string> = {}) {
      const messages = envelopes.map((envelope) => pack(envelope, []));
      return this.load(200, messages.length ? join(messages) : new Uint8Array(), headers);
    }
    refuse(status: number, text: string) {
      return this.load(status, new TextEncoder().encode(text), {});
    }
    fail() {
      this.onerror();
      this.onloadend();
      return settle();
    }
    private load(status: number, body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) {
      Object.assign(this, { status, response: body.buffer, answered: headers });
      this.onload();
      this.onloadend();
      return settle();
    }
  }

  let requests: FakeRequest[];
  let heard: unknown[];
  let told: string[];
  let wire: Wire;

  const settle = async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    await vi.advanceTimersByTimeAsync(0);
  };

  const start = async (hold: number) => {
    wire = http(new URL("http://x/?nbsession=exchange"), { context: () => "c", hold, interval: () => 1 })({
      opened: () => told.push("opened"),
      message: (message) => heard.push(unpack(message as Uint8Array).envelope),
      ended: () => told.push("ended"),
    });
    await (requests[0] as FakeRequest).answer([]);
  };

  beforeEach(() => {
    vi.useFakeTimers();
    requests = [];
    heard = [];
    told = [];
    vi.stubGlobal("XMLHttpRequest", FakeRequest);
  });

  afterEach(() => {
    wire.close();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test("asks first whether there is anybody", async () => {
    await start(20);
    expect(requests[0]?.headers).toEqual({});
    expect(told).toEqual(["opened"]);
  });

  test("polls, for as long as the server holds it", async () => {
    await start(20);
    expect(requests[1]?.headers).toEqual({ "Nbsession-Context": "c", "Nbsession-Hold": "20" });
    await requests[1]?.answer([]);
    expect(requests.length).toBe(3);
  });

  test("leaves a moment for what it has to say to what it has heard", async () => {
    await start(20);
    await requests[1]?.answer([{ a: 1 }]);
    expect(heard).toEqual([{ a: 1 }]);
    await vi.advanceTimersByTimeAsync(19);
    expect(requests.length).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(requests.length).toBe(3);
  });

  test("polls at intervals while the server has no thread to spare, and then as before", async () => {
    await start(20);
    await requests[1]?.answer([], { "Nbsession-Hold": "0" });
    await vi.advanceTimersByTimeAsync(999);
    expect(requests.length).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    await requests[2]?.answer([]);
    expect(requests.length).toBe(4);
  });

  test("ends its page, with what the server says, where that cannot keep sessions", async () => {
    await start(20);
    await requests[1]?.refuse(409, "One process, several threads.\n");
    expect(heard).toEqual([{ context: "c", ended: "One process, several threads." }]);
  });

  test("polls at intervals where polls are not held", async () => {
    await start(0);
    await vi.advanceTimersByTimeAsync(999);
    expect(requests.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(requests.length).toBe(2);
  });

  test("says at once what there is to say, all in one request", async () => {
    await start(20);
    wire.send(pack({ a: 1 }, []));
    wire.send(pack({ b: 2 }, []));
    await settle();
    expect(requests[2]?.said).toEqual([{ a: 1 }, { b: 2 }]);
  });

  test("has two requests under way at most", async () => {
    await start(20);
    for (const n of [1, 2, 3]) {
      wire.send(pack({ n }, []));
      await settle();
    }
    expect(requests.length).toBe(3);
    await requests[2]?.answer([]);
    expect(requests[3]?.said).toEqual([{ n: 2 }, { n: 3 }]);
  });

  test("says what comes while the page is being left by requests that outlive it", async () => {
    await start(20);
    const fetched = vi.fn(async () => new Response());
    vi.stubGlobal("fetch", fetched);
    dispatchEvent(new Event("pagehide"));
    wire.send(pack({ goodbye: true }, []));
    const [, init] = fetched.mock.calls[0] as unknown as [URL, RequestInit];
    expect(init.keepalive).toBe(true);
    expect(split(init.body as Uint8Array).map((each) => unpack(each).envelope)).toEqual([{ goodbye: true }]);
    dispatchEvent(new Event("pageshow"));
  });

  test("ends when a request is led elsewhere", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    await start(20);
    (requests[1] as FakeRequest).responseURL = "http://x/login";
    await requests[1]?.answer([{ a: 1 }]);
    expect(heard).toEqual([]);
    expect(told).toEqual(["opened", "ended"]);
  });

  test("gives up what is under way when it is closed", async () => {
    await start(20);
    const held = requests[1] as FakeRequest;
    const abort = vi.spyOn(held, "abort");
    wire.close();
    expect(abort).toHaveBeenCalledOnce();
    await settle();
    expect(told).toEqual(["opened"]);
  });

  test("ends when a request fails", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    await start(20);
    await requests[1]?.fail();
    expect(told).toEqual(["opened", "ended"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests.length).toBe(2);
  });
});
