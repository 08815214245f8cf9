import type { Bytes } from "../link";
import { applySpecials, type Encoded, encodeValue } from "../values";

/** Calls that are sent before the first of them is answered. Python allows a page 1,000. */
const MOST_UNANSWERED = 500;

/**
 * The session whose Python code has the functions. It is the same when the session moves to another page and returns.
 */
export interface Owner {
  /** Why no function can be called any more; `null` while they can. */
  gone: string | null;
  send(text: string, buffers?: readonly Bytes[]): void;
}

export type PythonFunction = (...args: unknown[]) => Promise<unknown>;

interface Call {
  owner: Owner;
  /** Kept, so that Python keeps its function until it has answered. */
  python: PythonFunction;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

interface Waiting extends Call {
  number: number;
  encoded: Encoded;
}

/** Functions of Python that the code of a page can call: all of one JavaScript context, whose calls they number. */
export class Functions {
  private readonly calls = new Map<number, Call>();
  private readonly waiting: Waiting[] = [];
  private readonly released = new Map<Owner, number[]>();
  private readonly registry = new FinalizationRegistry(([owner, number]: readonly [Owner, number]) =>
    this.release(owner, number),
  );
  /** The number of the last call. A late answer to a call of the page's former context finds none with its number. */
  private last = Math.floor(Math.random() * 2 ** 52);

  /** Python's function as an asynchronous function. Python keeps it until the result is garbage. */
  make(owner: Owner, number: number): PythonFunction {
    const python: PythonFunction = (...args) => this.call(python, owner, number, args);
    this.registry.register(python, [owner, number]);
    return python;
  }

  /** Settle the promise of a call: `["returned", call, value, specials?]` or `["threw", call, error]`. */
  settle(message: readonly unknown[], buffers: readonly Bytes[]): void {
    const number = message[1] as number;
    const call = this.calls.get(number);
    if (!call) return;
    this.calls.delete(number);
    this.startWaiting();
    if (message[0] === "threw") {
      call.reject(errorFrom(message[2]));
      return;
    }
    try {
      const functionOf = (its: number) => this.make(call.owner, its);
      call.resolve(message[3] ? applySpecials(message[2], message[3], buffers, functionOf) : message[2]);
    } catch (error) {
      call.reject(error as Error);
    }
  }

  /** Reject all calls of a session: it has ended, for this reason. */
  end(owner: Owner, reason: string): void {
    owner.gone ??= reason;
    this.released.delete(owner);
    for (const [number, call] of this.calls) {
      if (call.owner !== owner) continue;
      this.calls.delete(number);
      call.reject(goneError(owner));
    }
    this.startWaiting();
  }

  /** Send the calls for which there is room. Those of sessions that have ended are rejected, and need none. */
  private startWaiting(): void {
    while (this.calls.size < MOST_UNANSWERED) {
      const next = this.waiting.shift();
      if (!next) return;
      this.start(next);
    }
  }

  private async call(
    python: PythonFunction,
    owner: Owner,
    number: number,
    args: unknown[],
  ): Promise<unknown> {
    if (owner.gone !== null) throw goneError(owner);
    const encoded = encodeValue(args);
    const whole = encoded instanceof Promise ? await encoded : encoded;
    return new Promise((resolve, reject) => {
      const call = { owner, python, number, encoded: whole, resolve, reject };
      if (this.calls.size < MOST_UNANSWERED) this.start(call);
      else this.waiting.push(call);
    });
  }

  private start({ owner, python, number, encoded, resolve, reject }: Waiting): void {
    if (owner.gone !== null) {
      reject(goneError(owner));
      return;
    }
    this.last += 1;
    this.calls.set(this.last, { owner, python, resolve, reject });
    const { json, specials, buffers } = encoded;
    const more = specials.length ? `,${JSON.stringify(specials)}` : "";
    owner.send(`["call",${number},${this.last},${json}${more}]`, buffers);
  }

  /** The browser drops many at a time. */
  private release(owner: Owner, number: number): void {
    if (owner.gone !== null) return;
    const numbers = this.released.get(owner);
    if (numbers) {
      numbers.push(number);
      return;
    }
    const first = [number];
    this.released.set(owner, first);
    queueMicrotask(() => {
      if (this.released.delete(owner)) owner.send(`["release",${JSON.stringify(first)}]`);
    });
  }
}

function errorFrom(description: unknown): Error {
  const { name, message } = Object(description) as Record<string, unknown>;
  return named(String(name ?? "Error"), String(message ?? ""));
}

function goneError(owner: Owner): Error {
  return named("SessionClosedException", owner.gone ?? "");
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
