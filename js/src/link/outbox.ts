import type { OutgoingMessage } from "./outgoing_message";

/** The messages that wait on one channel, and their size. */
export interface ChannelQueue {
  entries: OutgoingMessage[];
  bytes: number;
}

/**
 * The queues of all channels that have something to send. `ring` contains the channels in the order of their turns,
 * except for channel 0, which precedes all others.
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

  /** Queue messages again, before the channel's other messages. */
  putBack(channel: number, entries: readonly OutgoingMessage[]): void {
    const queue = this.queue(channel);
    queue.entries.unshift(...entries);
    for (const entry of entries) {
      entry.sent = 0;
      this.count(queue, entry.size);
    }
  }

  /** Send partly sent messages again from their first byte. */
  rewind(): void {
    for (const queue of this.ring.values()) {
      const head = queue.entries[0];
      if (!head?.sent) continue;
      this.count(queue, head.sent);
      head.sent = 0;
    }
  }

  /** Drop the queued messages of a channel, except for a partly sent one, whose rest the peer expects. */
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

  /** The next channel whose next message or fragment fits into `room` bytes. */
  nextChannel(room: number): number | null {
    const first = this.ring.get(0);
    if (first) return this.fits(first, room) ? 0 : null;
    for (const [channel, queue] of this.ring) if (this.fits(queue, room)) return channel;
    return null;
  }

  /** Record that a channel has had its turn and that `taken` bytes of its queue are now in a frame. */
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
