import type { Compiler } from "../commands/compile";
import { Runner } from "../commands/runner";
import type { Bytes } from "../link";
import type { Channel, Port } from "./channel";
import { Outputs } from "./outputs";

/** A session's channel: runs its commands and holds its outputs. */
export class Session implements Channel {
  readonly outputs = new Outputs();
  private readonly runner: Runner;

  /** `toasts`: it has no place of its own on the page, so what it has to say appears in a toast. */
  constructor(
    port: Port,
    compiler: Compiler,
    readonly toasts: boolean,
  ) {
    this.runner = new Runner((text, buffers) => port.send(text, buffers), port.clock, compiler);
  }

  receive(message: readonly unknown[], buffers: readonly Bytes[]): void {
    switch (message[0]) {
      case "run":
        return this.runner.run(message, buffers);
      case "eval":
        return this.runner.eval(message, buffers);
      case "put":
        return this.outputs.put(message[1]);
      case "update":
        return this.outputs.update(message[1], message[2]);
      case "remove":
        return this.outputs.remove(message[1]);
      case "snapshot":
        return this.outputs.replace(message[1]);
    }
  }

  close(): void {
    this.runner.stop();
  }
}
