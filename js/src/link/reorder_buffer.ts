import type { DelayedAck } from "./delayed_ack";
import { Unfinished } from "./fragments";
import { type Content, readItems, readParsed } from "./frame";
import { type Arrival, type Bytes, Parsed, type Parts } from "./message";
import type { LinkSettings } from "./settings";

/** A frame that arrived before its turn, or whose turn has come. */
interface Kept {
  contents: Content[];
  size: number;
}

/** The receiving half of a link. `last` is the number of the last frame delivered. */
export class ReorderBuffer {
  last = 0;
  private readonly kept = new Map<number, Kept>();
  private readonly unfinished: Unfinished;
  /** Gaps up to this number have been reported. */
  private reported = 0;

  constructor(private readonly settings: LinkSettings) {
    this.unfinished = new Unfinished(settings.largestUnfinished);
  }

  /**
   * Process a numbered frame. Returns the frames that it makes deliverable, and records in `owed` what must be
   * reported. If this throws, nothing has changed.
   */
  take(number: number, items: unknown[], parts: Parts, delayedAck: DelayedAck, now: number): Arrival[] {
    if (number <= this.last) {
      delayedAck.ackAtOnce(now);
      return [];
    }
    if (number > this.last + this.settings.aheadFrames || this.kept.has(number)) return [];
    const frame = this.read(items, parts);
    if (number > this.last + 1) {
      this.keep(number, frame, delayedAck, now);
      return [];
    }
    return this.deliver(frame, delayedAck, now);
  }

  /** The ranges of frames that have not arrived, up to `highest` or to the highest that has arrived. */
  missing(highest: number): [number, number][] {
    const ranges: [number, number][] = [];
    let expected = this.last + 1;
    for (const number of [...this.kept.keys()].sort((a, b) => a - b)) {
      if (number > expected) ranges.push([expected, number - 1]);
      expected = number + 1;
    }
    if (expected <= highest) ranges.push([expected, highest]);
    this.reported = Math.max(this.reported, ranges.at(-1)?.[1] ?? 0);
    return ranges;
  }

  private read(items: unknown[], parts: Parts): Kept {
    // Texts are small, and limited by their number.
    if (parts[0] instanceof Parsed)
      return { contents: readParsed(items, parts as readonly Parsed[]), size: 0 };
    const buffers = parts as readonly Bytes[];
    const contents = readItems(items, buffers, this.settings.largestMessage);
    return { contents, size: buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0) };
  }

  private keep(number: number, frame: Kept, delayedAck: DelayedAck, now: number): void {
    for (let each = Math.max(this.last, this.reported) + 1; each < number; each++) {
      if (this.kept.has(each)) continue;
      delayedAck.reportAtOnce(0, now);
      break;
    }
    this.kept.set(number, frame);
  }

  private deliver(first: Kept, delayedAck: DelayedAck, now: number): Arrival[] {
    const arrivals = [this.run(first, delayedAck, now)];
    for (;;) {
      const next = this.kept.get(this.last + 1);
      if (!next) return arrivals;
      this.kept.delete(this.last + 1);
      try {
        arrivals.push(this.run(next, delayedAck, now));
      } catch {
        // This frame turned out to be malformed only now, and the received one is valid. So this one is treated as
        // missing; if it is sent again, it is rejected then.
        return arrivals;
      }
    }
  }

  private run(frame: Kept, delayedAck: DelayedAck, now: number): Arrival {
    const messages = this.unfinished.complete(frame.contents);
    this.last += 1;
    delayedAck.arrived(frame.size, now);
    return { number: this.last, messages };
  }
}
