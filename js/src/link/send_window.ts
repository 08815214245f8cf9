import { ProtocolError } from "./errors";
import type { FrameBuilder } from "./frame_builder";
import type { LinkSettings } from "./settings";

/** A numbered frame that was sent, with everything needed to send it again or to take its messages back. */
export interface InFlight {
  number: number;
  builder: FrameBuilder;
  sentAt: number;
  /** The position of its last transmission among all transmissions and probes, because two may have the same time. */
  sentOrder: number;
}

/** The frames in flight, always numbered without gaps up to the last one sent. */
export class SendWindow {
  readonly frames = new Map<number, InFlight>();
  /** Frames that the peer misses, and the times at which they may be sent again. */
  readonly wanted = new Map<number, number>();
  bytes = 0;
  last = 0;
  acked = 0;
  private order = 0;
  private probedOrder = 0;
  /** The time of the next probe, if anything is in flight. */
  probeAt = 0;
  private pause: number;

  constructor(private readonly settings: LinkSettings) {
    this.pause = settings.probeFirst;
  }

  /** Number a frame and record it as sent. */
  launch(builder: FrameBuilder, now: number): InFlight {
    if (!this.frames.size) this.progress(now);
    this.last += 1;
    const frame = { number: this.last, builder, sentAt: now, sentOrder: ++this.order };
    this.frames.set(this.last, frame);
    this.bytes += builder.size;
    return frame;
  }

  /** Throw if a peer refers to frames that were never sent. */
  check(ack: number, missing: readonly [number, number][]): void {
    const highest = Math.max(ack, missing.at(-1)?.[1] ?? 0);
    if (highest > this.last) {
      throw new ProtocolError(`the peer refers to frame ${highest}, the last one sent was ${this.last}`);
    }
  }

  /** Remove the frames up to `ack`. Returns whether there were any. */
  acknowledge(ack: number, now: number): boolean {
    if (ack <= this.acked) return false;
    for (let number = this.acked + 1; number <= ack; number++) {
      this.bytes -= this.frames.get(number)?.builder.size ?? 0;
      this.frames.delete(number);
      this.wanted.delete(number);
    }
    this.acked = ack;
    this.progress(now);
    return true;
  }

  /** Record the frames that the peer misses. */
  want(missing: readonly [number, number][], now: number): void {
    for (const [first, last] of missing) {
      for (let number = Math.max(first, this.acked + 1); number <= last; number++) {
        const frame = this.frames.get(number);
        if (!frame) continue;
        const probed = frame.sentOrder < this.probedOrder;
        const due = probed ? now : Math.max(now, frame.sentAt + this.settings.resendPause);
        this.wanted.set(number, Math.min(due, this.wanted.get(number) ?? due));
      }
    }
  }

  /** The frames to send again now, recorded as sent. */
  resend(now: number): InFlight[] {
    const due: InFlight[] = [];
    for (const [number, frame] of this.frames) {
      const time = this.wanted.get(number);
      if (time !== undefined && time <= now) due.push(frame);
    }
    for (const frame of due) {
      this.wanted.delete(frame.number);
      frame.sentAt = now;
      frame.sentOrder = ++this.order;
      this.progress(now);
    }
    return due;
  }

  /** Whether to send a probe now, recorded as sent. */
  probe(now: number): boolean {
    if (!this.frames.size || now < this.probeAt) return false;
    this.probedOrder = ++this.order;
    this.pause = Math.min(2 * this.pause, this.settings.probeLongest);
    this.probeAt = now + this.pause;
    return true;
  }

  deadline(): number {
    if (!this.frames.size) return Infinity;
    return Math.min(this.probeAt, ...this.wanted.values());
  }

  /**
   * The frames in flight that may have run, and those that certainly have not, if the dead context had started frame
   * `begun` (`null`: unknown). An impossible value counts as unknown.
   */
  divide(begun: number | null, finished: boolean): [inDoubt: InFlight[], notBegun: InFlight[]] {
    const frames = [...this.frames.values()];
    if (begun === null || begun < this.acked || begun > this.last) return [frames, []];
    const inDoubt = finished ? [] : frames.filter((frame) => frame.number === begun);
    return [inDoubt, frames.filter((frame) => frame.number > begun)];
  }

  private progress(now: number): void {
    this.pause = this.settings.probeFirst;
    this.probeAt = now + this.pause;
  }
}
