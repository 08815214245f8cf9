/** The smallest part of a split message. In bytes. */
export const LEAST = 4096;
/** Requests above this size that fail twice in a row, without an answer, may be too large for a proxy. In bytes. */
const SUSPICIOUS = 64 * 1024;

type Message = Uint8Array<ArrayBuffer>;

/** The maximum size of a request, as learned from refusals. */
export class Allowance {
  /** The maximum size of a request in bytes. */
  most = Infinity;
  private failures = 0;
  private alone = 0;

  /** Remove the content of the next request from the queue: at least one message, which may have to be split. */
  take(queue: Message[]): Message[] {
    let count = 0;
    let size = 0;
    for (const message of queue) {
      size += message.byteLength + 4;
      if (count && (size > this.most || this.alone)) break;
      count += 1;
    }
    if (this.alone) this.alone -= 1;
    return queue.splice(0, count);
  }

  /** Called when a request of this size was too large. Returns whether smaller ones can be tried. */
  tooLarge(size: number): boolean {
    if (size <= LEAST) return false;
    this.most = Math.max(LEAST, Math.ceil(Math.min(size, this.most) / 2));
    return true;
  }

  /**
   * Called when a request with this number of messages cannot pass: they are then sent one by one. Returns whether that
   * can identify the message.
   */
  singly(count: number): boolean {
    if (count < 2) return false;
    this.alone = count;
    return true;
  }

  /** Handle a request without an answer, by accident or because of its size. */
  failed(size: number): void {
    if (size > SUSPICIOUS && ++this.failures > 1) this.tooLarge(size);
  }

  passed(): void {
    this.failures = 0;
  }
}
