import type { Bytes } from "../link";

/** A session, as the queue knows it. */
export interface Waiter {
  /** Whether a message has to wait now. If so, the session calls `drain` when the wait is over. */
  mustWait(message: readonly unknown[]): boolean;
  attempt(message: readonly unknown[], buffers: readonly Bytes[]): void;
}

interface Entry {
  waiter: Waiter;
  message: readonly unknown[];
  buffers: readonly Bytes[];
}

/**
 * The messages of a page's sessions that wait because the outputs of a session are not in the document yet. They run in
 * the order in which they came: a cell's commands may use what those of the cell before have left in `window`.
 */
export class CommandQueue {
  private entries: Entry[] = [];
  /** The index of the first entry that waits: removing each from a long list would take too long. */
  private head = 0;
  private readonly counts = new Map<Waiter, number>();
  private draining = false;

  /** Whether any message waits. */
  get busy(): boolean {
    return this.head < this.entries.length;
  }

  /** Whether a message of this session waits. */
  holds(waiter: Waiter): boolean {
    return this.counts.has(waiter);
  }

  push(waiter: Waiter, message: readonly unknown[], buffers: readonly Bytes[]): void {
    this.entries.push({ waiter, message, buffers });
    this.counts.set(waiter, (this.counts.get(waiter) ?? 0) + 1);
  }

  /** Run what need not wait any more. */
  drain(): void {
    if (this.draining) return;
    this.draining = true;
    for (let entry = this.entries[this.head]; entry; entry = this.entries[this.head]) {
      const { waiter, message, buffers } = entry;
      if (waiter.mustWait(message)) break;
      this.head += 1;
      this.discount(waiter);
      waiter.attempt(message, buffers);
    }
    if (!this.busy) this.keep([]);
    this.draining = false;
  }

  /** Run the messages of one session at once, without waiting; or those of all sessions. */
  run(waiter?: Waiter): void {
    const entries = this.entries.slice(this.head);
    const now = entries.filter((each) => !waiter || each.waiter === waiter);
    this.keep(entries.filter((each) => waiter && each.waiter !== waiter));
    for (const { waiter: its, message, buffers } of now) {
      this.discount(its);
      its.attempt(message, buffers);
    }
  }

  private keep(entries: Entry[]): void {
    this.entries = entries;
    this.head = 0;
  }

  private discount(waiter: Waiter): void {
    const left = (this.counts.get(waiter) ?? 0) - 1;
    if (left > 0) this.counts.set(waiter, left);
    else this.counts.delete(waiter);
  }
}
