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
  /** The name of the app that runs in it. */
  readonly app: string | null;
  /** It has no place of its own on the page, so what it has to say appears in a toast. */
  readonly toasts: boolean;
  private readonly runner: Runner;

  /** `about` is how Python described it when it opened the channel. */
  constructor(
    private readonly port: Port,
    compiler: Compiler,
    about: Record<string, unknown>,
  ) {
    this.toasts = about.toasts === true;
    this.app = typeof about.app === "string" ? about.app : null;
    this.env.set(about.env);
    this.runner = new Runner((text, buffers) => port.send(text, buffers), port.clock, compiler);
  }

  receive(message: readonly unknown[], buffers: readonly Bytes[]): void {
    switch (message[0]) {
      case "run":
        return this.runner.run(message, buffers);
      case "eval":
        return this.runner.eval(message, buffers);
      case "env":
        return this.env.set(message[1]);
      default:
        this.outputs.receive(message, buffers);
    }
  }

  /** The reader used an output: have Python call its callback. */
  call(callback: unknown, value: unknown): void {
    this.port.send(JSON.stringify(["callback", callback, value]));
  }

  close(): void {
    this.runner.stop();
  }
}
