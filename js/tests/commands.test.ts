// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Compiler } from "../src/commands/compile";
import { describe as describeError } from "../src/commands/describe";
import { Runner } from "../src/commands/runner";
import { FakeClock, settled } from "./fake_python";

const shared = globalThis as unknown as { ran: unknown[] };
let clock: FakeClock;
let sent: unknown[][];
let runner: Runner;

beforeEach(() => {
  shared.ran = [];
  clock = new FakeClock();
  sent = [];
  const locals = {
    element: document.createElement("div"),
    signal: new AbortController().signal,
    $: () => "one",
    jQuery: () => "one",
  };
  const functionOf = (number: number) => () => number;
  runner = new Runner((text) => sent.push(JSON.parse(text)), clock, new Compiler(), locals, functionOf);
});

function evaluate(code: string, args: object = {}, specials?: unknown): unknown[] {
  runner.eval(["eval", 1, code, args, specials], []);
  return sent.at(-1) ?? [];
}

async function evaluateLater(code: string): Promise<unknown[]> {
  evaluate(code);
  await settled();
  return sent.at(-1) ?? [];
}

describe("eval", () => {
  test.each([
    ["1 + 1", 2],
    ["1 + 1;", 2],
    ["let a = 1; a + 1", 2],
    ["({a: 1})", { a: 1 }],
    ["{a: 1}", { a: 1 }],
    ["[1, 2] // a comment", [1, 2]],
    ["\n  1 +\n  2\n", 3],
    ["if (true) { 5 } else { 6 }", 5],
    ["var b = 2; for (let i = 0; i < 3; i++) b *= 2; b", 16],
    ["(function () { return 7 })()", 7],
    ["this === globalThis", true],
    ["'use strict'; 8", 8],
    ["", null],
    ["undefined", null],
    ["'a\\u2028b'", "a\u2028b"],
  ])("%j is %j", (code, value) => {
    expect(evaluate(code)).toEqual(["value", 1, value]);
  });

  test.each([
    ["await (async () => 5)()", 5],
    ["await Promise.resolve(1) + 1", 2],
    ["const x = await Promise.resolve(3); return x + 1", 4],
    ["(async () => { await null; return 6 })()", 6],
    ["new Promise(resolve => setTimeout(() => resolve('late'), 0))", "late"],
    ["'await'", "await"],
    ["({then(resolve) { resolve(9) }})", 9],
  ])("%j is %j once it is settled", async (code, value) => {
    expect(await evaluateLater(code)).toEqual(["value", 1, value]);
  });

  test("arguments are local names, in statements too", () => {
    expect(evaluate("x + y", { x: 1, y: 2 })).toEqual(["value", 1, 3]);
    expect(evaluate("let z = x; z * 2;", { x: 4 })).toEqual(["value", 1, 8]);
    expect(evaluate("x", { x: null }, [[["x"], "nan"]])).toEqual(["value", 1, null, [[[], "nan"]]]);
  });

  test.each([
    ["a-b", "a-b"],
    ["class", "class"],
    ["1x", "1x"],
    ["", ""],
    ["a, b", "a, b"],
  ])("an argument called %j is refused by name", (name) => {
    const [kind, , error] = evaluate("1", { [name]: 1 });
    expect(kind).toBe("error");
    expect(error).toMatchObject({
      name: "SyntaxError",
      message: expect.stringContaining(JSON.stringify(name)),
    });
  });

  test.each([
    ["nowhere", { name: "ReferenceError", message: "nowhere is not defined" }],
    ["throw new RangeError('far')", { name: "RangeError", message: "far" }],
    ["throw 'text'", { name: "string", message: "text" }],
    ["throw null", { name: "null", message: "null" }],
    ["throw {a: 1}", { name: "Object", message: '{"a":1}' }],
    ["throw Symbol('s')", { name: "symbol", message: "Symbol(s)" }],
    ["throw Object.create(null)", { message: expect.any(String) }],
    ["1 +", { name: "SyntaxError" }],
    ["const a = {}; a.a = a; a", { name: "TypeError", message: expect.stringContaining("circular") }],
    ["({toJSON() { throw new Error('no') }})", { name: "Error", message: "no" }],
    ["({get then() { throw new Error('trap') }})", { name: "Error", message: "trap" }],
  ])("%j fails as %j", (code, expected) => {
    expect(evaluate(code)).toEqual(["error", 1, expect.objectContaining(expected)]);
  });

  test.each([
    ["Promise.reject(new TypeError('later'))", { name: "TypeError", message: "later" }],
    ["Promise.reject('text')", { name: "string", message: "text" }],
    ["await Promise.reject(new Error('x'))", { name: "Error", message: "x" }],
  ])("%j fails as %j once it is settled", async (code, expected) => {
    expect(await evaluateLater(code)).toEqual(["error", 1, expect.objectContaining(expected)]);
  });

  test("the stack counts the code's own lines and leaves our callers out", () => {
    const [, , error] = evaluate("(() => {\n  null.x\n})()") as [unknown, unknown, { stack: string }];
    expect(error.stack).toContain("nbsession-code:2:");
    expect(error.stack).not.toContain("runner.ts");
  });

  test("the code in a report is cut", () => {
    const [, , error] = evaluate(`nowhere${" ".repeat(500)}`) as [unknown, unknown, { code: string }];
    expect(error.code.length).toBe(200);
  });
});

describe("run", () => {
  const run = (code: string, args: object = {}) => runner.run(["run", code, args], []);

  test("statements run with their arguments", () => {
    run("for (let i = 0; i < n; i++) ran.push(i)", { n: 3 });
    expect(shared.ran).toEqual([0, 1, 2]);
    expect(sent).toEqual([]);
  });

  test("the same code with other arguments is another function", () => {
    run("ran.push(typeof x, typeof y)", { x: 1 });
    run("ran.push(typeof x, typeof y)", { y: 1 });
    run("ran.push(typeof x, typeof y)", { y: 1, x: 2 });
    expect(shared.ran).toEqual(["number", "undefined", "undefined", "number", "number", "number"]);
  });

  test("code with await runs to its end, and its rejection is reported", async () => {
    run("ran.push(await Promise.resolve(1)); throw new Error('after')");
    await settled();
    expect(shared.ran).toEqual([1]);
    expect(sent).toMatchObject([["error", null, { message: "after" }]]);
  });

  test("a returned promise is nobody's business", async () => {
    run("return new Promise(() => {})");
    await settled();
    expect(sent).toEqual([]);
  });

  test("the same error again is counted at most every 0.25 s", () => {
    for (let i = 0; i < 12; i++) run("throw new Error('again')");
    clock.advance(0.2);
    expect(sent).toMatchObject([["error", null, { key: 0, count: 1 }]]);
    clock.advance(0.1);
    expect(sent.slice(1)).toEqual([["repeated", 0, 12]]);
  });

  test("errors that go on and on are counted in between", () => {
    for (let i = 0; i < 100; i++) {
      run("throw new Error('again')");
      clock.advance(0.01);
    }
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.length).toBeLessThan(6);
  });

  test("at most twenty different errors are reported", () => {
    for (let i = 0; i < 30; i++) run(`throw new Error(${i})`);
    expect(sent.length).toBe(20);
    expect(sent.at(-1)).toMatchObject(["error", null, { key: 19 }]);
  });

  test("code that is no text is an error, not a crash", () => {
    runner.run(["run", 7], []);
    expect(sent).toMatchObject([["error", null, { name: "TypeError" }]]);
  });
});

describe("jQuery", () => {
  test.each([
    ["$('a')", "one"],
    ["jQuery('a')", "one"],
    ["[...$('a')].length", 3],
    ["const $ = () => 'own'; return await $('a')", "own"],
    ["var $ = () => 'own'; $('a')", "own"],
    [`${"`$"}{1}${"`"}`, "1"],
    ["/a$/.test('a') && typeof $", "undefined"],
  ])("%s is %j", async (code, value) => {
    evaluate(code);
    await settled();
    expect(sent.at(-1)).toEqual(["value", 1, value]);
  });

  test("the window's is the one", () => {
    vi.stubGlobal("$", () => "window's");
    expect(evaluate("$('a')")).toEqual(["value", 1, "window's"]);
    vi.unstubAllGlobals();
  });
});

describe("compiling", () => {
  test("equal code is compiled once", () => {
    const compiler = new Compiler();
    expect(compiler.compile("run", "x", ["x"])).toBe(compiler.compile("run", "x", ["x"]));
  });

  test("run and eval of the same code are different functions", () => {
    const compiler = new Compiler();
    expect(compiler.compile("run", "1", []).call()).toBeUndefined();
    expect(compiler.compile("eval", "1", []).call()).toBe(1);
  });

  test("what has not been used for long is forgotten", () => {
    const compiler = new Compiler();
    const first = compiler.compile("run", "first", []);
    for (let i = 0; i < 300; i++) compiler.compile("run", `${i}`, []);
    expect(compiler.compile("run", "first", [])).not.toBe(first);
  });

  test("a Content-Security-Policy that forbids eval is named", () => {
    const spy = vi.spyOn(globalThis, "Function").mockImplementation(() => {
      throw new EvalError("Refused to evaluate a string as JavaScript");
    });
    try {
      expect(evaluate("1")).toMatchObject([
        "error",
        1,
        { name: "EvalError", message: expect.stringContaining("Content-Security-Policy") },
      ]);
    } finally {
      spy.mockRestore();
    }
  });
});

test("an error that cannot be looked at is described all the same", () => {
  const hostile = new Error("x");
  Object.defineProperty(hostile, "message", {
    get() {
      throw new Error("trap");
    },
  });
  expect(describeError(hostile, "code").message).toContain("cannot be described");
});
