import { type Bytes, bytesOf, type Part, type Parts } from "../link";
import type { Clock } from "./clock";
import { pack, packText, unpack, unpackText } from "./envelope";
import type { Transport } from "./transport";
import type { Dial, Wire } from "./wire";

/** How the page stands with its server. */
export type Connection = "connecting" | "connected" | "reconnecting";

/** Pauses before a wire that was lost is dialled again: the first, and the longest. In seconds. */
const FIRST_PAUSE = 0.1;
const LONGEST_PAUSE = 5;
/** How long nothing may come by a way that has never brought anything. In seconds. */
const HEARD_WITHIN = 10;

type Receive = (envelope: unknown, parts: Parts) => void;

/**
 * Carries envelopes to the server by whatever wire there is: a lost one is dialled again, and the ways to dial are tried
 * in their order until one has brought something, which then remains the way: some proxies let a WebSocket be opened and pass
 * nothing on.
 */
export class ServerTransport implements Transport {
  /** Called when a wire has opened: what was said meanwhile may be lost. */
  onOpened: () => void = () => {};
  /** Called when `connection` has changed. */
  onConnection: (connection: Connection) => void = () => {};
  connection: Connection = "connecting";
  private wire: Wire | null = null;
  private receive: Receive = () => {};
  private pause = FIRST_PAUSE;
  private timer: unknown = null;
  private patience: unknown = null;
  private way = 0;
  private proven = false;
  private closed = false;

  constructor(
    private readonly ways: readonly Dial[],
    private readonly clock: Clock,
  ) {}

  connected(): boolean {
    return this.connection === "connected";
  }

  send(envelope: object, buffers: readonly Bytes[]): void {
    this.sendParts(envelope, buffers);
  }

  sendParts(envelope: object, parts: readonly Part[]): void {
    const { wire } = this;
    if (wire?.sendText && parts.every(isText)) wire.sendText(packText(envelope, parts));
    else wire?.send(pack(envelope, parts.map(bytesOf)));
  }

  onEnvelope(receive: Receive): () => void {
    this.receive = receive;
    return () => {
      this.receive = () => {};
    };
  }

  /** Dial, at once. */
  dial(): void {
    if (this.closed || this.wire) return;
    this.clock.clearTimer(this.timer);
    const current = () => this.wire === wire && !this.closed;
    const dial = this.ways[this.way] as Dial;
    const wire: Wire = dial({
      opened: () => current() && this.opened(),
      message: (message) => current() && this.take(message),
      ended: () => current() && this.ended(),
    });
    this.wire = wire;
  }

  /** End for good. */
  close(): void {
    this.closed = true;
    this.clock.clearTimer(this.timer);
    this.clock.clearTimer(this.patience);
    this.wire?.close();
  }

  private opened(): void {
    this.pause = FIRST_PAUSE;
    if (!this.proven) this.patience = this.clock.setTimer(() => this.giveUp(), HEARD_WITHIN);
    this.become("connected");
    this.onOpened();
  }

  private giveUp(): void {
    this.wire?.close();
    this.ended();
  }

  private ended(): void {
    this.wire = null;
    this.clock.clearTimer(this.patience);
    if (this.connection === "connected") this.become("reconnecting");
    // A way that has never led anywhere, through this proxy say, is left for the next one.
    if (!this.proven) this.way = (this.way + 1) % this.ways.length;
    const soon = !this.proven && this.way > 0;
    this.timer = this.clock.setTimer(() => this.dial(), soon ? 0 : this.pause);
    if (!soon) this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }

  private take(message: Bytes | string): void {
    if (!this.proven) {
      this.proven = true;
      this.clock.clearTimer(this.patience);
    }
    let unpacked: { envelope: unknown; parts: Parts };
    try {
      unpacked = typeof message === "string" ? unpackText(message) : unpack(message);
    } catch (error) {
      console.warn("nbsession: the server sent a message that breaks the protocol:", error);
      return;
    }
    this.receive(unpacked.envelope, unpacked.parts);
  }

  private become(connection: Connection): void {
    if (connection === this.connection) return;
    this.connection = connection;
    this.onConnection(connection);
  }
}

function isText(part: Part): part is string {
  return typeof part === "string";
}
