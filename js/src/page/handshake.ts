import { Alarm, type Clock } from "./clock";

const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 10;

/** Sends the hello until it is answered: at once, then after 1, 2, 4, 8, 10, 10, ... seconds. */
export class Handshake {
  private readonly alarm: Alarm;
  private pause = FIRST_PAUSE;
  private waiting = true;
  /** Whether it has been answered. */
  answered = false;

  constructor(
    private readonly sayHello: () => void,
    private readonly clock: Clock,
  ) {
    this.alarm = new Alarm(clock, () => this.say());
    this.say();
  }

  /** Send it now, whenever it was last sent. */
  again(): void {
    if (!this.waiting) return;
    this.pause = FIRST_PAUSE;
    this.alarm.stop();
    this.say();
  }

  /** Handle an answer. */
  answer(): void {
    this.answered = true;
    this.stop();
  }

  /** Stop waiting for an answer. */
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
