import type { Store } from "./storage";

/** What the previous context had started to run. */
export interface Previous {
  context: string;
  begun: number;
  finished: boolean;
}

/**
 * Notes what has started to run, so that the next context can report it to Python. With `eachFrame`, it notes this
 * before each frame, which helps if the page is reloaded while its JavaScript is stuck; otherwise only when the page is
 * left.
 */
export class ResumeMarker {
  private begun = 0;

  constructor(
    private readonly store: Store,
    private readonly key: string,
    private readonly context: string,
    private readonly eachFrame = true,
  ) {
    if (eachFrame) this.write(true);
  }

  /**
   * Note that the frame is about to run. Called once per frame: nothing else is written before the page is unloaded.
   */
  begin(number: number): void {
    this.begun = number;
    if (this.eachFrame) this.store.set(this.key, `${this.context} ${number} 0`);
  }

  /** Note that the last frame has been completed. */
  finish(): void {
    this.write(true);
  }

  get previous(): Previous {
    return { context: this.context, begun: this.begun, finished: true };
  }

  private write(finished: boolean): void {
    this.store.set(this.key, `${this.context} ${this.begun} ${finished ? 1 : 0}`);
  }
}

/** The last note under this key; `null` if there is none that can be read. */
export function readResumeMarker(store: Store, key: string): Previous | null {
  const match = /^(\S+) (\d+) ([01])$/.exec(store.get(key) ?? "");
  if (!match) return null;
  return { context: String(match[1]), begun: Number(match[2]), finished: match[3] === "1" };
}
