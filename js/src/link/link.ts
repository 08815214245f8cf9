import { DelayedAck } from "./delayed_ack";
import { type Outgoing, readFrame } from "./frame";
import { fill } from "./frame_builder";
import type { Arrival, Bytes, Message, Parts } from "./message";
import { Outbox } from "./outbox";
import { OutgoingMessage } from "./outgoing_message";
import { ReorderBuffer } from "./reorder_buffer";
import { type InFlight, SendWindow } from "./send_window";
import { type LinkSettings, PAGE_SETTINGS } from "./settings";

/** The version of the protocol, major.minor. */
export const VERSION = "1.0";

/**
 * Ordered, batched, recoverable delivery of messages on numbered channels to one peer: the same state machine as
 * Python's `nbsession._link.Link`. Times are seconds of any monotonic clock, which the link never reads itself. After
 * every call, and at `deadline`, the caller must transmit the frames that `transmit` returns.
 */
export class Link {
  private readonly outbox: Outbox;
  private sendWindow: SendWindow;
  private reorderBuffer: ReorderBuffer;
  private delayedAck: DelayedAck;
  private queuedSince = 0;
  private now = 0;
  /** Whether something is queued that the window does not let through. */
  private held = false;
  /** The largest message that the peer accepts, in bytes, if it is more than a fragment. */
  largest: number;

  constructor(private readonly settings: Readonly<LinkSettings> = PAGE_SETTINGS) {
    this.outbox = new Outbox(settings.fragment);
    this.sendWindow = new SendWindow(settings);
    this.reorderBuffer = new ReorderBuffer(settings);
    this.delayedAck = new DelayedAck(settings);
    this.largest = settings.largestMessage;
  }

  /** The number of frames that were sent and not acknowledged. */
  get inFlight(): number {
    return this.sendWindow.frames.size;
  }

  /**
   * Queue a message, given as its JSON text. Its buffers are not copied, so the caller must not change them. Throws a
   * `RangeError` if the peer does not accept such a large message.
   */
  send(channel: number, text: string, buffers: readonly Bytes[], now: number): void {
    const message = new OutgoingMessage(text, buffers);
    if (message.size > Math.max(this.largest, this.settings.fragment)) {
      throw new RangeError(
        `it has ${message.size} bytes, and Python accepts ${this.largest} (max_payload_size)`,
      );
    }
    const { ring } = this.outbox;
    if (!ring.size) this.queuedSince = now;
    const joins = !ring.has(channel);
    this.outbox.put(channel, message);
    if (joins) this.lookAtWindow();
  }

  /** Whether `transmit` has something to send, independent of the time. */
  shouldTransmit(): boolean {
    if (this.outbox.ring.size && !this.held && (!this.inFlight || this.outbox.bytes >= this.settings.batch)) {
      return true;
    }
    return this.delayedAck.atOnce || Math.min(...this.sendWindow.wanted.values()) <= this.now;
  }

  /** The frames to transmit now, in order. They count as sent. */
  transmit(now: number): Outgoing[] {
    this.now = now;
    const { sendWindow, delayedAck } = this;
    const out: Outgoing[] = [];
    if (delayedAck.reportDue !== Infinity) this.report(out, now);
    if (sendWindow.wanted.size) for (const frame of sendWindow.resend(now)) out.push(this.outgoing(frame));
    if (this.queueDeadline() <= now) this.launch(out, now);
    if (sendWindow.probe(now))
      out.push({ frame: { ack: this.acknowledge(), probe: sendWindow.last }, buffers: [] });
    if (delayedAck.ackDue <= now) out.push({ frame: { ack: this.acknowledge() }, buffers: [] });
    return out;
  }

  /**
   * Process a received frame, which may be anything. Returns the numbered frames that it makes deliverable, in order.
   * They count as run when this returns: the caller must run them before it calls `transmit`. Throws `ProtocolError` if
   * the frame is malformed or impossible: the link is then unchanged.
   */
  receive(frame: unknown, parts: Parts, now: number): Arrival[] {
    const incoming = readFrame(frame, parts);
    this.sendWindow.check(incoming.ack, incoming.missing);
    let arrivals: Arrival[] = [];
    if (incoming.number !== null) {
      arrivals = this.reorderBuffer.take(incoming.number, incoming.items, parts, this.delayedAck, now);
    }
    // Nothing throws from here on, and nothing has changed before.
    this.now = now;
    if (this.sendWindow.acknowledge(incoming.ack, now)) this.lookAtWindow();
    if (incoming.missing.length) this.sendWindow.want(incoming.missing, now);
    if (incoming.probe !== null) this.delayedAck.reportAtOnce(incoming.probe, now);
    return arrivals;
  }

  /** The time at which `transmit` must be called even if nothing else happens; `null` for never. */
  deadline(): number | null {
    const soonest = Math.min(this.queueDeadline(), this.sendWindow.deadline(), this.delayedAck.deadline());
    return soonest === Infinity ? null : soonest;
  }

  /**
   * Restart with a new context of the peer. The old one had started frame `begun` (0: none; `null`: unknown), and
   * completed it if `finished`. Returns the sent messages that may have run, which are never repeated. Messages that
   * have certainly not started are queued again, in order, before later messages.
   */
  renew(begun: number | null, finished: boolean): Message[] {
    const [inDoubt, notBegun] = this.sendWindow.divide(begun, finished);
    this.outbox.rewind();
    const returned = new Map<number, OutgoingMessage[]>();
    for (const [channel, entries] of notBegun.flatMap((frame) => frame.builder.owns)) {
      returned.set(channel, [...(returned.get(channel) ?? []), ...entries]);
    }
    for (const [channel, entries] of returned) this.outbox.putBack(channel, entries);
    this.sendWindow = new SendWindow(this.settings);
    this.reorderBuffer = new ReorderBuffer(this.settings);
    this.delayedAck = new DelayedAck(this.settings);
    this.held = false;
    this.queuedSince = this.now;
    const owned = inDoubt.flatMap((frame) => frame.builder.owns);
    return owned.flatMap(([channel, entries]) => entries.map((entry) => entry.message(channel)));
  }

  /**
   * Ask, at the next `transmit`, which frames in flight have arrived: the connection was interrupted and is restored.
   */
  requestProbe(now: number): void {
    this.sendWindow.probeAt = now;
  }

  /** Drop the queued messages of a channel, except for the rest of a large message that is partly sent. */
  drop(channel: number): void {
    this.outbox.drop(channel);
    this.lookAtWindow();
  }

  /** The number of bytes that are queued and not in a frame yet: of one channel, or of all. */
  waiting(channel?: number): number {
    return channel === undefined ? this.outbox.bytes : (this.outbox.ring.get(channel)?.bytes ?? 0);
  }

  private queueDeadline(): number {
    if (!this.outbox.ring.size || this.held) return Infinity;
    const atOnce = !this.inFlight || this.outbox.bytes >= this.settings.batch;
    return atOnce ? this.queuedSince : this.queuedSince + this.settings.gather;
  }

  /** The maximum size of the next frame in bytes. */
  private room(): number {
    return Math.max(this.settings.windowBytes - this.sendWindow.bytes, this.settings.turn);
  }

  /** Determine whether the window lets any queued message through. */
  private lookAtWindow(): void {
    if (!this.outbox.ring.size || !this.inFlight) this.held = false;
    else if (this.inFlight >= this.settings.windowFrames) this.held = true;
    else this.held = this.outbox.nextChannel(this.room()) === null;
  }

  private launch(out: Outgoing[], now: number): void {
    while (this.outbox.ring.size && !this.held) {
      const builder = fill(this.outbox, this.settings, this.room(), !this.inFlight);
      out.push(this.outgoing(this.sendWindow.launch(builder, now)));
      this.lookAtWindow();
    }
  }

  private report(out: Outgoing[], now: number): void {
    const missing = this.reorderBuffer.missing(this.delayedAck.probed);
    this.delayedAck.reported();
    if (missing.length) out.push({ frame: { ack: this.acknowledge(), missing }, buffers: [] });
    else this.delayedAck.ackAtOnce(now);
  }

  private outgoing({ number, builder }: InFlight): Outgoing {
    return { frame: { number, ack: this.acknowledge(), items: builder.items }, buffers: builder.buffers };
  }

  /** A frame with only an acknowledgement, whether or not it is due. */
  acknowledgement(): { ack: number } {
    return { ack: this.acknowledge() };
  }

  private acknowledge(): number {
    this.delayedAck.acknowledged();
    return this.reorderBuffer.last;
  }
}
