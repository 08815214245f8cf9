import { Alarm, type Clock } from "../page/clock";
import type { ErrorReport } from "./describe";

const MOST_DISTINCT = 20;
const PAUSE = 0.25;

interface Known {
  key: number;
  count: number;
}

/**
 * Reports errors of `run` commands to Python: each distinct error once, then only its count, at most every 0.25 s. At
 * most 20 distinct errors are reported.
 */
export class Reporter {
  private readonly known = new Map<string, Known>();
  private readonly alarm: Alarm;
  private readonly behind = new Set<Known>();

  constructor(
    private readonly tell: (message: unknown[]) => void,
    private readonly clock: Clock,
  ) {
    this.alarm = new Alarm(clock, () => this.catchUp());
  }

  report(error: ErrorReport): void {
    const identity = JSON.stringify([error.name, error.message, error.code]);
    const known = this.known.get(identity);
    if (known) {
      known.count += 1;
      if (!this.behind.size) this.alarm.set(this.clock.now() + PAUSE);
      this.behind.add(known);
      return;
    }
    if (this.known.size >= MOST_DISTINCT) return;
    const key = this.known.size;
    this.known.set(identity, { key, count: 1 });
    this.tell(["error", null, { ...error, key, count: 1 }]);
  }

  /** Stop reporting. */
  stop(): void {
    this.alarm.stop();
    this.behind.clear();
  }

  private catchUp(): void {
    for (const known of this.behind) this.tell(["repeated", known.key, known.count]);
    this.behind.clear();
  }
}
