import type { LinkSettings } from "./settings";

/**
 * The reports that the peer must still receive about its own frames: the time at which an acknowledgement or a report
 * is due (`Infinity`: none). Missing frames are determined when the report is sent.
 */
export class DelayedAck {
  ackDue = Infinity;
  reportDue = Infinity;
  /** The highest frame number that the peer has asked about. */
  probed = 0;
  /** Whether a report is due, independent of the time. */
  atOnce = false;
  private frames = 0;
  private bytes = 0;

  constructor(private readonly settings: LinkSettings) {}

  /** Record a frame that has been delivered and not acknowledged. */
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

  /** Record that a gap has opened (`probed` 0), or that the peer asks whether frames up to `probed` have arrived. */
  reportAtOnce(probed: number, now: number): void {
    this.probed = Math.max(this.probed, probed);
    this.reportDue = Math.min(now, this.reportDue);
    this.atOnce = true;
  }

  reported(): void {
    this.reportDue = Infinity;
    this.probed = 0;
  }

  /** Record that a frame carries the acknowledgement. */
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
