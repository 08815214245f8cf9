import type { Bytes } from "../link";
import type { Clock } from "../page/clock";
import { applySpecials, type Encoded, encodeValue, type FunctionOf } from "../values";
import { type Compiler, mentions, wantsJquery } from "./compile";
import { describe } from "./describe";
import { Reporter } from "./reporter";

const NO_NAMES: string[] = [];

/** The values that every command can use, unless an argument has the same name. */
export interface Locals {
  readonly element: HTMLElement;
  readonly signal: AbortSignal;
  readonly $: unknown;
  readonly jQuery: unknown;
}

type Send = (text: string, buffers: readonly Bytes[]) => void;

/** Runs a session's `run` and `eval` commands. Never throws, whatever the code does. */
export class Runner {
  private readonly reporter: Reporter;

  constructor(
    private readonly send: Send,
    clock: Clock,
    private readonly compiler: Compiler,
    private readonly locals: Locals,
    private readonly functionOf: FunctionOf,
  ) {
    this.reporter = new Reporter((message) => send(JSON.stringify(message), []), clock);
  }

  /** `["run", code, args, specials?]` */
  run(message: readonly unknown[], buffers: readonly Bytes[]): void {
    const code = message[1] as string;
    try {
      const { awaits, result } = this.call("run", code, message[2], message[3], buffers);
      if (awaits) (result as Promise<unknown>).catch((error) => this.report(error, code));
    } catch (error) {
      this.report(error, code);
    }
  }

  /** `["eval", number, code, args, specials?]` */
  eval(message: readonly unknown[], buffers: readonly Bytes[]): void {
    const number = message[1] as number;
    const code = message[2] as string;
    try {
      const { result } = this.call("eval", code, message[3], message[4], buffers);
      if (isThenable(result)) void this.answerLater(number, code, result);
      else this.answer(number, code, result);
    } catch (error) {
      this.fail(number, code, error);
    }
  }

  /** Whether a command names `element`. */
  usesElement(message: readonly unknown[]): boolean {
    const at = message[0] === "run" ? 1 : 2;
    const code = message[at];
    if (typeof code !== "string" || !mentions(code, "element")) return false;
    return !Object.hasOwn(Object(message[at + 1]), "element");
  }

  /** Whether a command uses jQuery, and the window has none. */
  usesJquery(message: readonly unknown[]): boolean {
    const code = message[message[0] === "run" ? 1 : 2];
    return typeof code === "string" && wantsJquery(code);
  }

  stop(): void {
    this.reporter.stop();
  }

  private call(
    kind: "run" | "eval",
    code: string,
    args: unknown,
    specials: unknown,
    buffers: readonly Bytes[],
  ): { awaits: boolean; result: unknown } {
    if (typeof code !== "string") throw new TypeError(`code must be a string, not ${typeof code}`);
    const values = (specials ? applySpecials(args, specials, buffers, this.functionOf) : args) as Record<
      string,
      unknown
    >;
    const names = values ? Object.keys(values) : NO_NAMES;
    const { call, awaits, locals } = this.compiler.compile(kind, code, names);
    if (!names.length && !locals.length) return { awaits, result: call.call(globalThis) };
    const given = names.map((name) => values[name]);
    for (const name of locals) given.push(this.locals[name]);
    return { awaits, result: call.apply(globalThis, given) };
  }

  private async answerLater(number: number, code: string, result: PromiseLike<unknown>): Promise<void> {
    try {
      this.answer(number, code, await result);
    } catch (error) {
      this.fail(number, code, error);
    }
  }

  private answer(number: number, code: string, value: unknown): void {
    const encoded = encodeValue(value);
    if (!(encoded instanceof Promise)) {
      this.sendValue(number, encoded);
      return;
    }
    encoded.then((whole) => this.sendValue(number, whole)).catch((error) => this.fail(number, code, error));
  }

  private sendValue(number: number, { json, specials, buffers }: Encoded): void {
    const more = specials.length ? `,${JSON.stringify(specials)}` : "";
    this.send(`["value",${number},${json}${more}]`, buffers);
  }

  private fail(number: number, code: string, error: unknown): void {
    this.send(JSON.stringify(["error", number, describe(error, String(code))]), []);
  }

  private report(error: unknown, code: string): void {
    this.reporter.report(describe(error, String(code)));
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const kind = typeof value;
  if (value === null || (kind !== "object" && kind !== "function")) return false;
  return typeof (value as { then?: unknown }).then === "function";
}
