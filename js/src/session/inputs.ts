import type { Port } from "./channel";

interface Waiting {
  readonly key: number;
  readonly event: string;
  readonly name: string;
  readonly rest: () => unknown[];
  readonly timer: unknown;
}

/**
 * What the reader enters in a session's forms and pins, on its way to Python. While the reader types, changes wait for a
 * moment; they are sent before anything else that the session sends.
 */
export class Inputs {
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly port: Port) {}

  /** Send an event of a form or pin, after everything that waits. */
  send(key: number, event: string, ...rest: unknown[]): void {
    this.flush();
    this.write(key, event, rest);
  }

  /** Send an event within `seconds`, as it is then. The waiting event of the same kind is replaced. */
  soon(seconds: number, key: number, event: string, name: string, rest: () => unknown[]): void {
    const id = JSON.stringify([key, event, name]);
    const former = this.waiting.get(id);
    const timer = former?.timer ?? this.port.clock.setTimer(() => this.sendOne(id), seconds);
    this.waiting.set(id, { key, event, name, rest, timer });
  }

  /** Send everything that waits. */
  flush(): void {
    for (const id of [...this.waiting.keys()]) this.sendOne(id);
  }

  /** Forget what waits of a form or pin, or only the changes of one of its fields. */
  drop(key: number, field?: string): void {
    for (const [id, each] of this.waiting) {
      const one = each.event === "change" && each.name === field;
      if (each.key === key && (field === undefined || one)) this.take(id);
    }
  }

  /** Forget everything that waits. */
  clear(): void {
    for (const id of [...this.waiting.keys()]) this.take(id);
  }

  private sendOne(id: string): void {
    const taken = this.take(id);
    if (taken) this.write(taken.key, taken.event, taken.rest());
  }

  private take(id: string): Waiting | undefined {
    const taken = this.waiting.get(id);
    this.waiting.delete(id);
    if (taken) this.port.clock.clearTimer(taken.timer);
    return taken;
  }

  private write(key: number, event: string, rest: unknown[]): void {
    this.port.send(JSON.stringify(["input", key, event, ...rest]));
  }
}
