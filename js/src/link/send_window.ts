import { ProtocolError } from "./errors";
import type { FrameBuilder } from "./frame_builder";
import type { LinkSettings } from "./settings";

/** A numbered frame that was sent: all that is needed to send it again, or to take its messages back. */
export interface InFlight {
  number: number;
  builder: FrameBuilder;
  sentAt: number;
  /** Place of its last transmission among all transmissions and probes: two may have the same time. */
  sentOrder: number;
}

/** The frames in flight, which are always numbered without gaps up to the last one sent. */
export class SendWindow {
  readonly frames = new Map<number, InFlight>();
  /** Frames that the peer misses, and when they may be sent again. */
  readonly wanted = new Map<number, number>();
  bytes = 0;
  last = 0;
  acked = 0;
  private order = 0;
  private probedOrder = 0;
  /** When to ask what has arrived, if something is in flight. */
  probeAt = 0;
  private pause: number;

  constructor(private readonly settings: LinkSettings) {
    this.pause = settings.probeFirst;
  }

  /** Number a frame and note it as sent. */
  launch(builder: FrameBuilder, now: number): InFlight {
    if (!this.frames.size) this.progress(now);
    this.last += 1;
    const frame = { number: this.last, builder, sentAt: now, sentOrder: ++this.order };
    this.frames.set(this.last, frame);
    this.bytes += builder.size;
    return frame;
  }

  /** Throw if a peer speaks of frames that were never sent. */
  check(ack: number, missing: readonly [number, number][]): void {
    const highest = Math.max(ack, missing.at(-1)?.[1] ?? 0);
    if (highest > this.last) {
      throw new ProtocolError(`the peer speaks of frame ${highest}, the last one sent was ${this.last}`);
    }
  }

  /** Forget the frames up to `ack`; return whether there were any. */
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

  /** Note which frames the peer misses. */
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

  /** The frames to send again now, noted as sent. */
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

  /** Whether a probe is to be sent now, noted as sent. */
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
   * The frames in flight that may have run, and those that certainly have not, where the context that died had
   * begun frame `begun` (`null`: nobody can say). A note that cannot be right is none.
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
