/**
 * Browsers open at most six HTTP connections to a server. If files used all of them, the page itself could not send
 * anything.
 */
const AT_ONCE = 4;

/** The files that the browser fetches for a page: some at the same time, the others in order. */
export class Fetches {
  private running = 0;
  private readonly queue: (() => void)[] = [];

  /** Call `start` when there is room for another one. */
  begin(start: () => void): void {
    if (this.running < AT_ONCE) {
      this.running += 1;
      start();
    } else this.queue.push(start);
  }

  /** A file that had started has ended. */
  end(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.running -= 1;
  }
}
