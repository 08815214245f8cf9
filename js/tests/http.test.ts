// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pack, split, unpack } from "../src/page/envelope";
import { http } from "../src/page/http";
import type { Wire } from "../src/page/wire";
import { FakeRequest, settle } from "./fake_request";

describe("a wire by http", () => {
  let requests: FakeRequest[];
  let heard: unknown[];
  let told: string[];
  let wire: Wire;
  let leaving = false;
  const page = { context: () => "c", interval: () => 1, leaving: () => leaving };

  const start = async (hold: number) => {
    wire = http(new URL("http://x/?nbsession=exchange"), { ...page, hold })({
      opened: () => told.push("opened"),
      message: (message) => heard.push(unpack(message as Uint8Array).envelope),
      ended: () => told.push("ended"),
    });
    await (requests[0] as FakeRequest).answer([]);
  };

  beforeEach(() => {
    vi.useFakeTimers();
    requests = FakeRequest.sent = [];
    heard = [];
    told = [];
    leaving = false;
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
    leaving = true;
    wire.send(pack({ goodbye: true }, []));
    const [, init] = fetched.mock.calls[0] as unknown as [URL, RequestInit];
    expect(init.keepalive).toBe(true);
    expect(split(init.body as Uint8Array).map((each) => unpack(each).envelope)).toEqual([{ goodbye: true }]);
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

  describe("what is too large for a proxy in between", () => {
    const said = (bytes: number, frame: object = { ack: 0 }) => pack({ frame }, [new Uint8Array(bytes)]);
    const last = () => requests.at(-1) as FakeRequest;
    const parts = () => requests.filter((each) => each.headers["Nbsession-Part"]);

    beforeEach(() => start(0));

    test("goes in smaller requests", async () => {
      for (const _ of [1, 2, 3]) wire.send(said(400));
      wire.send(said(30_000));
      await settle();
      await last().refuse(413, "");
      expect(last().said.length).toBe(3);
      await last().answer([]);
      expect(parts().map((each) => each.headers["Nbsession-Part"])).toEqual(["0/2"]);
    });

    test("goes in parts, which are the whole together", async () => {
      const message = said(50_000);
      wire.send(message);
      await settle();
      await last().refuse(413, "");
      for (const _ of [1, 2]) await last().answer([]);
      const bytes = parts().flatMap((each) => [...each.body]);
      expect(split(new Uint8Array(bytes))).toEqual([message]);
    });

    test("goes in smaller parts where those do not come through", async () => {
      wire.send(said(50_000));
      await settle();
      for (const _ of [1, 2, 3]) await last().refuse(413, "");
      expect(last().headers["Nbsession-Part"]).toBe("0/8");
    });

    test("lets what the server says with a part be heard", async () => {
      wire.send(said(50_000));
      await settle();
      await last().refuse(413, "");
      await last().answer([{ news: 1 }]);
      expect(heard).toEqual([{ news: 1 }]);
    });

    test("is remembered by the next wire", async () => {
      const dial = http(new URL("http://x/"), { ...page, hold: 0 });
      const events = { opened: () => {}, message: () => {}, ended: () => {} };
      const first = dial(events);
      await last().answer([]);
      first.send(said(50_000));
      await settle();
      await last().refuse(413, "");
      first.close();
      const second = dial(events);
      await last().answer([]);
      second.send(said(50_000));
      await settle();
      expect(last().headers["Nbsession-Part"]).toBe("0/2");
      second.close();
    });

    test("is found out where large requests fail twice without an answer", async () => {
      vi.spyOn(console, "warn").mockImplementation(() => {});
      const dial = http(new URL("http://x/"), { ...page, hold: 0 });
      for (const expected of [undefined, undefined, "0/2"]) {
        const again = dial({ opened: () => {}, message: () => {}, ended: () => {} });
        await last().answer([]);
        again.send(said(100_000));
        await settle();
        expect(last().headers["Nbsession-Part"]).toBe(expected);
        await last().fail();
      }
    });
  });

  describe("what does not pass", () => {
    const value = (number: number) => new TextEncoder().encode(`[["value",${number},"<script>"]]`);
    const frame = (number: number, items: unknown[]) => ({ context: "c", frame: { number, ack: 0, items } });
    const last = () => requests.at(-1) as FakeRequest;
    const texts = () =>
      split(last().body).map((each) => unpack(each).parts.map((part) => new TextDecoder().decode(part)));

    beforeEach(() => start(0));

    test("is replaced by an error that says why, in the same frame", async () => {
      wire.send(pack(frame(1, [[7, 1]]), [value(3)]));
      await settle();
      await last().refuse(403, "Not like this.");
      expect(last().said).toEqual([]);
      await last().answer([]);
      expect(last().said).toMatchObject([{ context: "c", frame: { number: 1, items: [[7, 1]] } }]);
      const [[[name, number, error]]] = texts().map((parts) => JSON.parse(parts[0] as string));
      expect([name, number]).toEqual(["error", 3]);
      expect(error.message).toContain("Not like this.");
      expect(told).toEqual(["opened"]);
    });

    test("is looked for among what was said together", async () => {
      wire.send(pack(frame(1, [[7, 1]]), [value(1)]));
      wire.send(pack(frame(2, [[7, 1]]), [value(2)]));
      await settle();
      await last().refuse(403, "");
      await last().answer([]);
      expect(last().said).toMatchObject([{ frame: { number: 2 } }]);
      expect(texts()[0]?.[0]).toContain('"value",2');
    });

    test("is no reason where nothing passes: then the page is refused", async () => {
      vi.spyOn(console, "warn").mockImplementation(() => {});
      wire.send(pack(frame(1, [[7, 1]]), [value(3)]));
      await settle();
      await last().refuse(403, "");
      await last().refuse(403, "");
      expect(told).toEqual(["opened", "ended"]);
    });

    test("takes the rest of a large message with it, and nothing else", async () => {
      const start = new TextEncoder().encode('["value",5,"x');
      wire.send(pack(frame(1, [[7, 1, [30]]]), [start]));
      await settle();
      await last().refuse(403, "");
      await last().answer([]);
      wire.send(
        pack(
          frame(2, [
            [7, 1, 0],
            [9, 1],
          ]),
          [new Uint8Array(17), value(6)],
        ),
      );
      wire.send(pack(frame(3, [[7, 1]]), [value(8)]));
      await settle();
      for (const _ of [1, 2]) await requests.find((each) => !each.status)?.answer([]);
      const sent = requests.flatMap((each) => each.said) as { frame: { number: number; items: unknown } }[];
      const items = (number: number) =>
        sent.filter((each) => each.frame.number === number).at(-1)?.frame.items;
      expect([items(1), items(2), items(3)]).toEqual([[[7, 1]], [[9, 1]], [[7, 1]]]);
    });
  });
});
