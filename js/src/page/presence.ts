import type { Clock } from "./clock";

/** How long a session's last view must have been gone before Python is told that it was taken away. In seconds. */
const GONE_AFTER = 2;

/** What presence needs of the page it watches. */
export interface Watched {
  clock: Clock;
  /** Say something on channel 0. */
  say(message: readonly unknown[]): void;
  /** Whether the notebook is still connected. One that is put away takes its views along, and nobody removed them. */
  connected(): boolean;
}

/**
 * Counts the views that this page has of each session, and tells Python (docs/protocol.md). A view that only changes its
 * place, a cell that is moved say, is taken away and made anew: what counts is what is there when the dust has settled.
 */
export class Presence {
  private readonly counts = new Map<number, number>();
  private readonly told = new Map<number, number>();
  private readonly changed = new Set<number>();
  private readonly timers = new Map<number, unknown>();
  private ended = false;

  constructor(private readonly watched: Watched) {}

  /** A view of the session is here. Returns how to say that it is gone. */
  enter(session: number): () => void {
    this.count(session, 1);
    let here = true;
    return () => {
      if (here) this.count(session, -1);
      here = false;
    };
  }

  /** Tell all again: Python has forgotten what it was told. */
  retell(): void {
    this.told.clear();
    for (const session of this.counts.keys()) this.change(session);
  }

  end(): void {
    this.ended = true;
    for (const timer of this.timers.values()) this.watched.clock.clearTimer(timer);
    this.timers.clear();
  }

  private count(session: number, by: number): void {
    const count = (this.counts.get(session) ?? 0) + by;
    if (count) this.counts.set(session, count);
    else this.counts.delete(session);
    this.change(session);
  }

  private change(session: number): void {
    if (this.ended) return;
    if (!this.changed.size) queueMicrotask(() => this.tell());
    this.changed.add(session);
  }

  private tell(): void {
    const sessions = [...this.changed];
    this.changed.clear();
    if (this.ended) return;
    for (const session of sessions) {
      const count = this.counts.get(session) ?? 0;
      this.watched.clock.clearTimer(this.timers.get(session));
      this.timers.delete(session);
      if ((this.told.get(session) ?? 0) !== count) this.watched.say(["views", session, count]);
      this.told.set(session, count);
      if (!count)
        this.timers.set(
          session,
          this.watched.clock.setTimer(() => this.gone(session), GONE_AFTER),
        );
    }
  }

  private gone(session: number): void {
    this.timers.delete(session);
    this.told.delete(session);
    if (this.watched.connected()) this.watched.say(["gone", session]);
  }
}
