import { Alarm, type Clock } from "./clock";

const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 10;

/** Says hello until somebody answers: at once, then after 1, 2, 4, 8, 10, 10, ... seconds. */
export class Handshake {
  private readonly alarm: Alarm;
  private pause = FIRST_PAUSE;
  private waiting = true;
  /** Whether somebody answered. */
  answered = false;

  constructor(
    private readonly sayHello: () => void,
    private readonly clock: Clock,
  ) {
    this.alarm = new Alarm(clock, () => this.say());
    this.say();
  }

  /** Say it now, whenever it was said last. */
  again(): void {
    if (!this.waiting) return;
    this.pause = FIRST_PAUSE;
    this.alarm.stop();
    this.say();
  }

  /** An answer came. */
  answer(): void {
    this.answered = true;
    this.stop();
  }

  /** No answer is wanted any more. */
  stop(): void {
    this.waiting = false;
    this.alarm.stop();
  }

  private say(): void {
    if (!this.waiting) return;
    this.alarm.set(this.clock.now() + this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    this.sayHello();
  }
}
