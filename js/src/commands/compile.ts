import { ArgumentNameError, BlockedError } from "./errors";
import { makeFunction } from "./make_function";

export type Kind = "run" | "eval";

/** Code that has been compiled to a function. `awaits`: it returns a promise because the code contains an `await`. */
export interface Compiled {
  call: (...values: unknown[]) => unknown;
  awaits: boolean;
  /** The names of the values that it takes after those of its arguments. */
  locals: readonly Local[];
}

export type Local = "element" | "signal" | "$" | "jQuery";

interface Entry extends Compiled {
  kind: Kind;
  names: readonly string[];
}

const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
const LOCALS: readonly Local[] = ["element", "signal", "$", "jQuery"];
/** jQuery's names, which the window may have: then code finds them there. */
const JQUERY: readonly Local[] = ["$", "jQuery"];
const NONE: readonly Local[] = [];
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
const MOST_ENTRIES = 256;
/** Longer code is not cached, because it is hardly ever sent twice. In UTF-16 units. */
const LONGEST_KEPT = 64 * 1024;

/**
 * The name of the code in stack traces and the debugger, followed by the number of lines before its first one:
 * `Function` adds two of its own. `describe` searches for it.
 */
export const SOURCE_NAME = "nbsession-code";

/** Compiles code to functions and caches them, so that a loop of equal commands is compiled once. */
export class Compiler {
  private readonly kept = new Map<string, Entry[]>();

  /** The function of `code` with the given argument names. Throws the browser's syntax error for invalid code. */
  compile(kind: Kind, code: string, names: readonly string[]): Compiled {
    const entries = this.kept.get(code);
    if (entries) {
      for (const entry of entries) {
        if (entry.kind === kind && sameNames(entry.names, names)) return entry;
      }
    }
    checkNames(names);
    const locals = LOCALS.filter((name) => !names.includes(name) && mentions(code, name));
    const compiled = kind === "run" ? compileRun(code, names, locals) : compileEval(code, names, locals);
    const entry = { ...compiled, kind, names };
    this.keep(code, entry);
    return entry;
  }

  private keep(code: string, entry: Entry): void {
    if (code.length > LONGEST_KEPT) return;
    const entries = this.kept.get(code);
    if (entries && entries.length < 8) {
      entries.push(entry);
      return;
    }
    if (!entries && this.kept.size >= MOST_ENTRIES) {
      for (const oldest of this.kept.keys()) {
        this.kept.delete(oldest);
        break;
      }
    }
    this.kept.set(code, [entry]);
  }
}

/** The name as a variable: neither part of a longer name nor a property, but possibly after the dots of a spread. */
const variable = (name: string, then = "") =>
  new RegExp(`(?<![\\p{ID_Continue}$]|(?<!\\.\\.)\\.)${name}(?![\\p{ID_Continue}$])${then}`, "u");
const VARIABLES = {
  element: variable("element"),
  signal: variable("signal"),
  // `$` has other meanings in template strings and regular expressions.
  $: variable("\\$", "\\s*(?:[([.]|\\?\\.)"),
  jQuery: variable("jQuery"),
};
/** Code that makes a variable of its own. */
const ASSIGNED = { $: variable("\\$", "\\s*=(?!=)"), jQuery: variable("jQuery", "\\s*=(?!=)") };

/** Whether code uses jQuery, and the window has none. */
export function wantsJquery(code: string): boolean {
  return JQUERY.some((name) => mentions(code, name));
}

/** Whether code may use a variable of that name. */
export function mentions(code: string, name: Local): boolean {
  // The first test is much faster, and most code does not contain the name.
  if (!code.includes(name) || !VARIABLES[name].test(code)) return false;
  return name === "element" || name === "signal" || !(name in window || ASSIGNED[name].test(code));
}

function compileRun(code: string, names: readonly string[], locals: readonly Local[]): Compiled {
  // If the code starts with `await`, the async function comes first: in a plain one, `await (x)` would be a call of a
  // function named await.
  return attempt(code.includes("await") && (() => make(AsyncFunction, names, locals, code)), () =>
    make(Function, names, locals, code),
  );
}

function compileEval(code: string, names: readonly string[], locals: readonly Local[]): Compiled {
  const mayAwait = code.includes("await");
  const expression = `return (\n${code}\n)`;
  return attempt(
    mayAwait && (() => make(AsyncFunction, names, locals, expression, 3)),
    () => make(Function, names, locals, expression, 3),
    mayAwait && (() => make(AsyncFunction, names, locals, code)),
    () => directEval(code, names, locals),
  );
}

/**
 * Not an expression: statements have the value that PyWebIO's `eval` gave them, that of the last one. A direct eval
 * sees the arguments by their names. Invalid code throws when this function is called.
 */
function directEval(code: string, names: readonly string[], locals: readonly Local[]): Compiled {
  const evaluate = make(Function, names, locals, `return eval(arguments[${names.length + locals.length}])`);
  const source = `${code}\n//# sourceURL=${SOURCE_NAME}-0`;
  return {
    call: (...values) => evaluate.call.apply(globalThis, [...values, source]),
    awaits: false,
    locals,
  };
}

/**
 * The first of several ways to create a function that does not throw a syntax error. If all do, throws the first error.
 */
function attempt(...ways: ((() => Compiled) | false)[]): Compiled {
  let first: unknown;
  for (const way of ways) {
    if (!way) continue;
    try {
      return way();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      first ??= error;
    }
  }
  throw first;
}

/** Code that declares `element` or `signal` itself does not get the value. */
function make(
  kind: FunctionConstructor,
  names: readonly string[],
  locals: readonly Local[],
  body: string,
  linesBefore = 2,
): Compiled {
  const source = `${body}\n//# sourceURL=${SOURCE_NAME}-${linesBefore}`;
  const taking = (taken: readonly Local[]) => {
    const call = makeFunction(kind, [...names, ...taken, source]) as Compiled["call"];
    return { call, awaits: kind === AsyncFunction, locals: taken };
  };
  const fewer = locals.length > 1 ? locals.map((name) => [name]) : [];
  try {
    for (const taken of locals.length ? [locals, ...fewer] : []) {
      try {
        return taking(taken);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    return taking(NONE); // whose error is that of the code itself
  } catch (error) {
    if (error instanceof EvalError) throw new BlockedError();
    throw error;
  }
}

function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (!IDENTIFIER.test(name) || isReserved(name)) throw new ArgumentNameError(name);
  }
}

function isReserved(name: string): boolean {
  try {
    make(Function, [name], NONE, "");
    return false;
  } catch (error) {
    return error instanceof SyntaxError;
  }
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index++) if (some[index] !== others[index]) return false;
  return true;
}
