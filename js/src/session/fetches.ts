/**
 * Browsers open six connections to a server by HTTP, for everything: were all of them taken by files, the page itself would
 * not be heard any more.
 */
const AT_ONCE = 4;

/** The files that the browser fetches for a page: some at once, the others in their turn. */
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

  /** One that had begun is over. */
  end(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.running -= 1;
  }
}
