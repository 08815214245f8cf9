import { Alarm, type Clock } from "./clock";

/**
 * The default interval at which a silent page reports that it is alive, unless Python sends another one. In seconds.
 */
const INTERVAL = 60;

/** Calls `beat` when the page has been silent for the interval, starting with the answer to its hello. */
export class Heartbeat {
  private readonly alarm: Alarm;
  private interval: number | null = INTERVAL;
  private spoke = 0;
  private beating = false;

  constructor(
    private readonly clock: Clock,
    private readonly beat: () => void,
  ) {
    this.alarm = new Alarm(clock, () => this.ring());
  }

  /** Start, or continue with another interval; `null`: Python wants no heartbeats. */
  start(interval: unknown): void {
    if (interval === null || (typeof interval === "number" && interval > 0)) this.interval = interval;
    this.beating = true;
    this.note();
    this.alarm.stop();
    this.arm();
  }

  /** Record that the page has sent something. */
  note(): void {
    if (this.interval !== null) this.spoke = this.clock.now();
  }

  stop(): void {
    this.beating = false;
    this.alarm.stop();
  }

  private arm(): void {
    this.alarm.set(this.interval === null ? null : this.spoke + this.interval);
  }

  private ring(): void {
    if (!this.beating) return;
    if (this.interval !== null && this.clock.now() >= this.spoke + this.interval) this.beat();
    this.arm();
  }
}
