import { Alarm, type Clock } from "../page/clock";

/**
 * Maximum time that commands wait for the session's outputs to be in the document, in seconds. JupyterLab mounts a view
 * within milliseconds, on a busy machine within tenths of a second. In a collapsed cell, it mounts none.
 */
const PATIENCE = 1;
/** The same after a wait that was in vain, until a view is mounted: "Run All" may run many such cells. */
const SHORT_PATIENCE = 0.1;
/** Pause between two checks: some renderers finish without changing the document. In seconds. */
const PAUSE = 0.05;

let inVain = false;

/** Waits until the outputs of one session are in the document, for a bounded time. */
export class MountWait {
  private readonly alarm: Alarm;
  private observer: MutationObserver | null = null;
  private deadline = 0;
  private waiting = false;
  /** Whether a wait has ended without them. Until they are there, nothing waits again. */
  private expired = false;

  /** `shown` tells whether the outputs are in the document. `over` is called at the end of a wait. */
  constructor(
    private readonly clock: Clock,
    private readonly shown: () => boolean,
    private readonly over: () => void,
  ) {
    this.alarm = new Alarm(clock, () => this.check());
  }

  /** Whether a command has to wait now. If so, `over` follows. */
  begin(): boolean {
    if (this.waiting) return true;
    if (this.shown()) {
      this.expired = false;
      return false;
    }
    if (this.expired) return false;
    this.waiting = true;
    this.deadline = this.clock.now() + (inVain ? SHORT_PATIENCE : PATIENCE);
    this.observer ??= new MutationObserver(() => this.check());
    this.observer.observe(document, { childList: true, subtree: true });
    this.alarm.set(this.clock.now() + PAUSE);
    return true;
  }

  stop(): void {
    this.waiting = false;
    this.observer?.disconnect();
    this.alarm.stop();
  }

  private check(): void {
    if (!this.waiting) return;
    const shown = this.shown();
    const now = this.clock.now();
    if (!shown && now < this.deadline) {
      this.alarm.set(now + PAUSE);
      return;
    }
    this.expired = inVain = !shown;
    this.stop();
    this.over();
  }
}
