import type { Bytes, Part, Parts } from "../link";
import type { Clock } from "./clock";
import type { Refusal } from "./refusal";
import type { Transport } from "./transport";
import { type Dial, readMessage, sendOver, type Wire } from "./wire";

/** The state of the page's connection to its server. */
export type Connection = "connecting" | "connected" | "reconnecting";

/** Pauses before a lost wire is dialled again: the first, and the longest. In seconds. */
const FIRST_PAUSE = 0.1;
const LONGEST_PAUSE = 5;
/**
 * The longest pause if the page is refused: the refusal is deliberate, but the reader may log in meanwhile. In seconds.
 */
const LONGEST_PAUSE_REFUSED = 30;
/** Maximum silence of a way that has never brought anything. In seconds. */
const HEARD_WITHIN = 10;

type Receive = (envelope: unknown, parts: Parts) => void;

/**
 * Carries envelopes to the server over any wire. A lost wire is dialled again. The ways to dial are tried in order
 * until one has brought something, which is then used from there on: some proxies let a WebSocket be opened and pass
 * nothing on.
 */
export class ServerTransport implements Transport {
  /** Called when a wire has opened. Messages sent before may be lost. */
  onOpened: () => void = () => {};
  /** Called when `connection` has changed, or when the reason for its absence is known. */
  onConnection: (connection: Connection, refusal: Refusal | null) => void = () => {};
  connection: Connection = "connecting";
  private refusal: Refusal | null = null;
  private wire: Wire | null = null;
  private receive: Receive = () => {};
  private pause = FIRST_PAUSE;
  private timer: unknown = null;
  private patience: unknown = null;
  private way = 0;
  private proven = false;
  private closed = false;

  /** `why` determines why a wire cannot be opened, if the wire itself does not report it: a WebSocket never does. */
  constructor(
    private readonly ways: readonly Dial[],
    private readonly clock: Clock,
    private readonly why: () => Promise<Refusal | null> = async () => null,
  ) {}

  connected(): boolean {
    return this.connection === "connected";
  }

  send(envelope: object, buffers: readonly Bytes[]): void {
    this.sendParts(envelope, buffers);
  }

  sendParts(envelope: object, parts: readonly Part[]): void {
    if (this.wire) sendOver(this.wire, envelope, parts);
  }

  onEnvelope(receive: Receive): () => void {
    this.receive = receive;
    return () => {
      this.receive = () => {};
    };
  }

  /** Dial at once. */
  dial(): void {
    if (this.closed || this.wire) return;
    this.clock.clearTimer(this.timer);
    const current = () => this.wire === wire && !this.closed;
    const dial = this.ways[this.way] as Dial;
    const wire: Wire = dial({
      opened: () => current() && this.opened(),
      message: (message) => current() && this.take(message),
      ended: (refusal) => current() && this.ended(refusal),
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
    this.refusal = null;
    if (!this.proven) this.patience = this.clock.setTimer(() => this.giveUp(), HEARD_WITHIN);
    this.become("connected");
    this.onOpened();
  }

  private giveUp(): void {
    this.wire?.close();
    this.ended();
  }

  private ended(refusal?: Refusal): void {
    this.wire = null;
    this.clock.clearTimer(this.patience);
    const opened = this.connection === "connected";
    if (opened) this.become("reconnecting");
    // A way that has never worked, for example through this proxy, is replaced by the next one.
    if (!this.proven) this.way = (this.way + 1) % this.ways.length;
    const soon = !this.proven && this.way > 0;
    if (refusal) this.refused(refusal);
    else if (!opened && !soon) void this.why().then((known) => known && this.refused(known));
    this.timer = this.clock.setTimer(() => this.dial(), soon ? 0 : this.pause);
    const longest = this.refusal && !this.refusal.passes ? LONGEST_PAUSE_REFUSED : LONGEST_PAUSE;
    if (!soon) this.pause = Math.min(2 * this.pause, longest);
  }

  private refused(refusal: Refusal): void {
    if (this.closed || this.connection === "connected") return;
    this.refusal = refusal;
    this.onConnection(this.connection, refusal);
  }

  private take(message: Bytes | string): void {
    if (!this.proven) {
      this.proven = true;
      this.clock.clearTimer(this.patience);
    }
    const received = readMessage(message, "server");
    if (received) this.receive(received.envelope, received.parts);
  }

  private become(connection: Connection): void {
    if (connection === this.connection) return;
    this.connection = connection;
    this.onConnection(connection, this.refusal);
  }
}
