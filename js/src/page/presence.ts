import type { Clock } from "./clock";

/** Time that a session's last view must be gone before Python is notified of its removal. In seconds. */
const GONE_AFTER = 2;

/** The parts of a page that presence uses. */
export interface Watched {
  clock: Clock;
  /** Send a message on channel 0. */
  say(message: readonly unknown[]): void;
  /**
   * Whether the notebook is still connected. Putting a notebook away also takes its views along, without anyone
   * removing them.
   */
  connected(): boolean;
}

/**
 * Counts this page's views of each session, and reports them to Python (docs/protocol.md). A view that is only moved,
 * for example with its cell, is removed and created again: the number after all changes counts.
 */
export class Presence {
  private readonly counts = new Map<number, number>();
  private readonly told = new Map<number, number>();
  private readonly changed = new Set<number>();
  private readonly timers = new Map<number, unknown>();
  private ended = false;

  constructor(private readonly watched: Watched) {}

  /** Record a view of the session. Returns a function that records its removal. */
  enter(session: number): () => void {
    this.count(session, 1);
    let here = true;
    return () => {
      if (here) this.count(session, -1);
      here = false;
    };
  }

  /** Report all again, because Python has lost the former reports. */
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
