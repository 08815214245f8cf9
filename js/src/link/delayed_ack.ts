import type { LinkSettings } from "./settings";

/**
 * What the peer is still to be told of its own frames: when an acknowledgement or a report is due (`Infinity`: none).
 * Whether frames are really missing is looked up when it is sent.
 */
export class DelayedAck {
  ackDue = Infinity;
  reportDue = Infinity;
  /** The highest number that the peer asked about. */
  probed = 0;
  /** Something is due whatever the time is. */
  atOnce = false;
  private frames = 0;
  private bytes = 0;

  constructor(private readonly settings: LinkSettings) {}

  /** Note a frame that has been delivered and is not acknowledged. */
  arrived(size: number, now: number): void {
    const { batch, ackDelay, ackBulkDelay, ackFrames, ackBytes } = this.settings;
    const delay = size < batch ? ackDelay : Math.max(ackDelay, ackBulkDelay);
    this.frames += 1;
    this.bytes += size;
    this.ackDue = Math.min(now + delay, this.ackDue);
    if (!delay || this.frames >= ackFrames || this.bytes >= ackBytes) this.ackAtOnce(now);
  }

  ackAtOnce(now: number): void {
    this.ackDue = Math.min(now, this.ackDue);
    this.atOnce = true;
  }

  /** Note that a gap has opened (`probed` 0), or that the peer asks whether frames up to `probed` have arrived. */
  reportAtOnce(probed: number, now: number): void {
    this.probed = Math.max(this.probed, probed);
    this.reportDue = Math.min(now, this.reportDue);
    this.atOnce = true;
  }

  reported(): void {
    this.reportDue = Infinity;
    this.probed = 0;
  }

  /** Note that a frame carries the acknowledgement. */
  acknowledged(): void {
    this.frames = 0;
    this.bytes = 0;
    this.ackDue = Infinity;
    this.atOnce = false;
  }

  deadline(): number {
    return Math.min(this.reportDue, this.ackDue);
  }
}
