import type { Compiler } from "../commands/compile";
import { Runner } from "../commands/runner";
import type { Bytes } from "../link";
import type { Channel, Port } from "./channel";
import { Env } from "./env";
import { Outputs } from "./outputs";

/** A session's channel: runs its commands and holds its outputs. */
export class Session implements Channel {
  readonly outputs = new Outputs();
  readonly env = new Env();
  /** The name of its app, if the reader may request a new session of it. */
  app: string | null;
  /** Whether it has no view on the page, so that its notices appear in a toast. */
  readonly toasts: boolean;
  /** The reason of its end, while its outputs can still be read. */
  private endedBecause: string | null = null;
  private readonly endWatchers = new Set<(reason: string) => void>();
  private readonly runner: Runner;

  /**
   * `about` is Python's description from the opening of the channel. `moved` is called with the label of the other page
   * when the session moves to it.
   */
  constructor(
    private readonly port: Port,
    compiler: Compiler,
    about: Record<string, unknown>,
    private readonly moved: (place: string) => void,
  ) {
    this.toasts = about.toasts === true;
    this.app = typeof about.app === "string" ? about.app : null;
    this.env.set(about.env);
    if (typeof about.ended === "string") this.endedBecause = about.ended;
    this.runner = new Runner((text, buffers) => port.send(text, buffers), port.clock, compiler);
  }

  get number(): number {
    return this.port.number;
  }

  receive(message: readonly unknown[], buffers: readonly Bytes[]): void {
    switch (message[0]) {
      case "run":
        return this.runner.run(message, buffers);
      case "eval":
        return this.runner.eval(message, buffers);
      case "env":
        return this.env.set(message[1]);
      case "moved":
        // Everything before this message has run.
        this.port.send('["left"]');
        return this.moved(String(message[1] ?? ""));
      case "ended":
        return this.end(String(message[1] ?? ""), message[2] === true);
      default:
        this.outputs.receive(message, buffers);
    }
  }

  /** The reader used an output: call its callback in Python. */
  call(callback: unknown, value: unknown): void {
    this.port.send(JSON.stringify(["callback", callback, value]));
  }

  /** Call `watcher` when the session has ended, now if it has. Returns a function that stops this. */
  watchEnd(watcher: (reason: string) => void): () => void {
    if (this.endedBecause !== null) watcher(this.endedBecause);
    this.endWatchers.add(watcher);
    return () => this.endWatchers.delete(watcher);
  }

  close(): void {
    this.app = null;
    this.runner.stop();
  }

  private end(reason: string, again: boolean): void {
    this.endedBecause = reason;
    if (!again) this.app = null;
    this.runner.stop();
    for (const watcher of this.endWatchers) watcher(reason);
  }
}
