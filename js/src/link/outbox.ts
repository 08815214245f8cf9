import type { OutgoingMessage } from "./outgoing_message";

/** The messages that wait on one channel, and their size. */
export interface ChannelQueue {
  entries: OutgoingMessage[];
  bytes: number;
}

/**
 * The queues of all channels that have something to send. `ring` is in the order in which the channels have their
 * turns, but for channel 0, which comes before all others.
 */
export class Outbox {
  readonly ring = new Map<number, ChannelQueue>();
  bytes = 0;

  constructor(readonly fragment: number) {}

  put(channel: number, message: OutgoingMessage): void {
    const queue = this.queue(channel);
    queue.entries.push(message);
    this.count(queue, message.size);
  }

  /** Queue messages again, before what the channel has queued. */
  putBack(channel: number, entries: readonly OutgoingMessage[]): void {
    const queue = this.queue(channel);
    queue.entries.unshift(...entries);
    for (const entry of entries) {
      entry.sent = 0;
      this.count(queue, entry.size);
    }
  }

  /** Begin messages of which fragments were sent from their first byte again. */
  rewind(): void {
    for (const queue of this.ring.values()) {
      const head = queue.entries[0];
      if (!head?.sent) continue;
      this.count(queue, head.sent);
      head.sent = 0;
    }
  }

  /** Forget what a channel has queued. A message of which fragments were sent is finished, or its peer would wait for it. */
  drop(channel: number): void {
    const queue = this.ring.get(channel);
    if (!queue) return;
    const head = queue.entries[0];
    this.count(queue, -queue.bytes);
    if (head?.sent) {
      queue.entries = [head];
      this.count(queue, head.size - head.sent);
    } else {
      this.ring.delete(channel);
    }
  }

  /** The channel whose turn it is among those whose next message or fragment fits into `room` bytes. */
  nextChannel(room: number): number | null {
    const first = this.ring.get(0);
    if (first) return this.fits(first, room) ? 0 : null;
    for (const [channel, queue] of this.ring) if (this.fits(queue, room)) return channel;
    return null;
  }

  /** Note that a channel has had its turn and that `taken` bytes of its queue are now in a frame. */
  endTurn(channel: number, queue: ChannelQueue, taken: number): void {
    this.ring.delete(channel);
    this.count(queue, -taken);
    if (queue.entries.length) this.ring.set(channel, queue);
  }

  private fits(queue: ChannelQueue, room: number): boolean {
    const head = queue.entries[0];
    return head !== undefined && head.next(this.fragment) <= room;
  }

  private queue(channel: number): ChannelQueue {
    let queue = this.ring.get(channel);
    if (!queue) {
      queue = { entries: [], bytes: 0 };
      this.ring.set(channel, queue);
    }
    return queue;
  }

  private count(queue: ChannelQueue, change: number): void {
    queue.bytes += change;
    this.bytes += change;
  }
}
