import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { Bytes } from "../src/link";
import { TextTransport } from "../src/page/text_only";
import type { Transport } from "../src/page/transport";

interface Vector {
  name: string;
  envelope: object;
  buffers: string[];
  said: object;
}

const file = new URL("../../tests/vectors/text_only/envelopes.json", import.meta.url);
const vectors: Vector[] = JSON.parse(readFileSync(file, "utf8")).envelopes;
const bytes = (text: string) =>
  new Uint8Array(text.startsWith("base64:") ? Buffer.from(text.slice(7), "base64") : Buffer.from(text));

class FakeComm implements Transport {
  readonly sent: unknown[][] = [];
  receive: ((envelope: unknown, buffers: readonly Bytes[]) => void) | null = null;
  alive = true;

  send(...message: unknown[]): void {
    this.sent.push(message);
  }

  connected(): boolean {
    return this.alive;
  }

  onEnvelope(receive: (envelope: unknown, buffers: readonly Bytes[]) => void): () => void {
    this.receive = receive;
    return () => {
      this.receive = null;
    };
  }
}

let comm: FakeComm;
let transport: TextTransport;
let received: (readonly [unknown, readonly Bytes[]])[];

beforeEach(() => {
  comm = new FakeComm();
  transport = new TextTransport(comm);
  received = [];
});

describe.each(vectors)("$name", ({ envelope, buffers, said }) => {
  test("as the page says it", () => {
    transport.send(envelope, buffers.map(bytes));
    expect(comm.sent).toEqual([[said, []]]);
  });

  test("as the page hears it", () => {
    transport.onEnvelope((...message) => received.push(message));
    comm.receive?.(said, []);
    expect(received[0]?.[0]).toMatchObject(envelope);
    expect(received[0]?.[1]).toEqual(buffers.map(bytes));
  });
});

test("bytes of all values and of any length come back as they were", () => {
  const large = new Uint8Array(100_003).map((_, index) => index * 7);
  transport.send({ context: "c" }, [large.subarray(1)]);
  transport.onEnvelope((...message) => received.push(message));
  comm.receive?.(comm.sent[0]?.[0], []);
  expect(Buffer.compare(received[0]?.[1][0] as Bytes, large.subarray(1))).toBe(0);
});

test("what is heard of other things than envelopes goes on as it is", () => {
  transport.onEnvelope((...message) => received.push(message));
  for (const heard of [null, "text", { base64: 3 }]) comm.receive?.(heard, []);
  expect(received.map(([envelope]) => envelope)).toEqual([null, "text", { base64: 3 }]);
});

test("it is connected, and stops, as the comm does", () => {
  const stop = transport.onEnvelope(() => {});
  expect(transport.connected()).toBe(true);
  comm.alive = false;
  stop();
  expect(transport.connected()).toBe(false);
  expect(comm.receive).toBeNull();
});
