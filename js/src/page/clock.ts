/** Time in seconds, and a way to be woken: what of the browser's clock the client uses, so that tests can fake it. */
export interface Clock {
  now(): number;
  setTimer(callback: () => void, seconds: number): unknown;
  clearTimer(timer: unknown): void;
}

export const browserClock: Clock = {
  now: () => performance.now() / 1000,
  setTimer: (callback, seconds) => setTimeout(callback, Math.ceil(seconds * 1000)),
  clearTimer: (timer) => clearTimeout(timer as number),
};

/** One timer for a deadline that moves often. It is re-armed only when it would ring too late. */
export class Alarm {
  private deadline: number | null = null;
  private armedFor = Infinity;
  private timer: unknown = null;

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  /** Ring at `deadline` (at once, if that is past); `null`: not at all. */
  set(deadline: number | null): void {
    this.deadline = deadline;
    if (deadline === null || deadline >= this.armedFor) return;
    this.arm(deadline);
  }

  stop(): void {
    this.deadline = null;
    this.armedFor = Infinity;
    this.clock.clearTimer(this.timer);
  }

  private arm(deadline: number): void {
    this.clock.clearTimer(this.timer);
    this.armedFor = deadline;
    this.timer = this.clock.setTimer(() => this.wake(), Math.max(0, deadline - this.clock.now()));
  }

  private wake(): void {
    this.armedFor = Infinity;
    if (this.deadline === null) return;
    if (this.clock.now() < this.deadline) {
      this.arm(this.deadline);
      return;
    }
    this.deadline = null;
    this.ring();
  }
}
