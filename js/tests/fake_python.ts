import { type Arrival, type Bytes, bytesOf, Link, PAGE_SETTINGS } from "../src/link";
import { Client, type Surroundings } from "../src/page/client";
import type { Clock } from "../src/page/clock";
import { NO_STORE, type Store } from "../src/page/storage";
import type { Transport } from "../src/page/transport";
import { Jquery } from "../src/session/jquery";

/** A clock whose hands the test moves. */
export class FakeClock implements Clock {
  time = 0;
  private timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  setTimer(callback: () => void, seconds: number): unknown {
    const timer = { at: this.time + seconds, callback };
    this.timers.push(timer);
    return timer;
  }

  clearTimer(timer: unknown): void {
    this.timers = this.timers.filter((each) => each !== timer);
  }

  get armed(): number {
    return this.timers.length;
  }

  /** Let time pass, ringing what is due on the way. */
  advance(seconds: number): void {
    const end = this.time + seconds;
    for (;;) {
      const [next] = this.timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.clearTimer(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
    this.time = end;
  }
}

export class FakeStore implements Store {
  readonly values = new Map<string, string>();

  get(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  set(key: string, value: string): void {
    this.values.set(key, value);
  }
}

interface Hello {
  secret?: string;
  version: string;
  page: string;
  context: string;
  previous: unknown;
  info: Record<string, unknown>;
}

/** Python's end of a page's link, and the transport between them. */
export class FakePython implements Transport {
  readonly hellos: Hello[] = [];
  readonly received: { channel: number; body: unknown[]; buffers: Bytes[] }[] = [];
  readonly envelopes: Record<string, unknown>[] = [];
  link = new Link({ ...PAGE_SETTINGS, ackDelay: 0.25 });
  private receiver: ((envelope: unknown, buffers: readonly Bytes[]) => void) | null = null;

  constructor(readonly clock: FakeClock) {}

  send(envelope: object, buffers: readonly Bytes[]): void {
    const fields = JSON.parse(JSON.stringify(envelope));
    this.envelopes.push(fields);
    if (fields.hello) this.hellos.push(fields.hello);
    if (!fields.frame || fields.context !== this.context) return;
    const arrivals: Arrival[] = this.link.receive(fields.frame, buffers, this.clock.now());
    for (const { messages } of arrivals) {
      for (const { channel, body, buffers: own } of messages) {
        this.received.push({ channel, body: body as unknown[], buffers: own });
      }
    }
  }

  onEnvelope(receive: (envelope: unknown, buffers: readonly Bytes[]) => void): () => void {
    this.receiver = receive;
    return () => {
      this.receiver = null;
    };
  }

  isConnected = true;

  connected(): boolean {
    return this.isConnected;
  }

  /** Forget the page's context, as after a silence, and take its next one. */
  renew(): void {
    this.say({ expired: true });
    this.link = new Link({ ...PAGE_SETTINGS, ackDelay: 0.25 });
  }

  get context(): string {
    return this.hellos.at(-1)?.context ?? "";
  }

  /** Hand the page an envelope, addressed to its present context unless it says otherwise. */
  say(envelope: object, buffers: readonly Bytes[] = []): void {
    this.receiver?.({ context: this.context, ...envelope }, buffers);
  }

  /** Send messages on a channel, in one frame if they are few and nothing is in flight. */
  tell(channel: number, ...messages: unknown[]): void {
    for (const message of messages) {
      this.link.send(channel, JSON.stringify(message), [], this.clock.now());
    }
    this.flush();
  }

  flush(): void {
    for (const { frame, buffers } of this.link.transmit(this.clock.now()))
      this.say({ frame }, buffers.map(bytesOf));
  }

  /** Open a session and wait until the page has said that it has. */
  async openSession(channel = 1): Promise<void> {
    this.tell(0, ["open", channel, { kind: "session" }]);
    await settled();
  }

  /** What the page said on a channel. */
  on(channel: number): unknown[][] {
    return this.received.filter((each) => each.channel === channel).map((each) => each.body);
  }
}

/** A client and the Python it talks to. */
export function pair(
  store: Store = NO_STORE,
  clock = new FakeClock(),
  others: Pick<Surroundings, "about" | "later" | "secret"> = {},
) {
  const python = new FakePython(clock);
  const identity = { page: "page", known: true, markerKey: "note", release: () => {} };
  const refusals: string[] = [];
  const client = new Client({
    jquery: (chunks) => new Jquery(chunks),
    transport: python,
    clock,
    store,
    identity,
    refuse: () => refusals.push("refused"),
    ...others,
  });
  return { client, python, clock, refusals };
}

/** Wait until what is settled has been said. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}
