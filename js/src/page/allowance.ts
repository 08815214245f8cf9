/** The smallest part into which what a page says is cut. In bytes. */
export const LEAST = 4096;
/** Larger requests that fail twice in a row, without an answer, may be too large for what is in between. In bytes. */
const SUSPICIOUS = 64 * 1024;

type Message = Uint8Array<ArrayBuffer>;

/** How large a request may be, as far as a page has learned it from what was refused. */
export class Allowance {
  /** The most bytes of a request. */
  most = Infinity;
  private failures = 0;
  private alone = 0;

  /** Take from the queue what goes in the next request: at least one message, which may have to be cut. */
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

  /** A request of so many bytes was too large. Returns whether smaller ones can be tried. */
  tooLarge(size: number): boolean {
    if (size <= LEAST) return false;
    this.most = Math.max(LEAST, Math.ceil(Math.min(size, this.most) / 2));
    return true;
  }

  /** One of so many messages cannot pass: try them one by one. Returns whether that can show which. */
  singly(count: number): boolean {
    if (count < 2) return false;
    this.alone = count;
    return true;
  }

  /** There was no answer: by accident, or because of the size. */
  failed(size: number): void {
    if (size > SUSPICIOUS && ++this.failures > 1) this.tooLarge(size);
  }

  passed(): void {
    this.failures = 0;
  }
}
