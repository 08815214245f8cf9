/** Time in seconds, and timers: the part of the browser's clock that the client uses, so that tests can replace it. */
export interface Clock {
  now(): number;
  setTimer(callback: () => void, seconds: number): unknown;
  clearTimer(timer: unknown): void;
}

/** Pauses up to this many seconds are accurate even in a hidden tab. */
const SHORT = 0.01;

export const browserClock: Clock = {
  now: () => performance.now() / 1000,
  setTimer(callback, seconds) {
    if (seconds <= SHORT && document.hidden) return new ShortTimer(callback, this.now() + seconds);
    return setTimeout(callback, Math.ceil(seconds * 1000));
  },
  clearTimer(timer) {
    if (timer instanceof ShortTimer) timer.clear();
    else clearTimeout(timer as number);
  },
};

/**
 * `setTimeout` waits a second or more in a hidden tab, messages do not: sends itself messages until the time has come.
 */
class ShortTimer {
  private readonly channel = new MessageChannel();

  constructor(callback: () => void, at: number) {
    const { port1, port2 } = this.channel;
    port1.onmessage = () => {
      if (browserClock.now() < at) {
        port2.postMessage(null);
        return;
      }
      this.clear();
      callback();
    };
    port2.postMessage(null);
  }

  clear(): void {
    this.channel.port1.onmessage = null;
    this.channel.port1.close();
  }
}

/** A timer for a deadline that moves often. It is re-armed only if it would ring too late. */
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
