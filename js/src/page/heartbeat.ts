import { Alarm, type Clock } from "./clock";

/** How often a page that has nothing to say lets Python know that it is there, unless Python says otherwise. In seconds. */
const INTERVAL = 60;

/** Calls `beat` when the page has been silent for the interval, from the answer to its hello on. */
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

  /** Begin, or go on with another interval; `null`: Python does not want to know. */
  start(interval: unknown): void {
    if (interval === null || (typeof interval === "number" && interval > 0)) this.interval = interval;
    this.beating = true;
    this.note();
    this.alarm.stop();
    this.arm();
  }

  /** The page has said something. */
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
