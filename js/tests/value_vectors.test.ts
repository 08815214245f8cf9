import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { applySpecials } from "../src/values";

interface Vector {
  name: string;
  args: Record<string, unknown>;
  message: [args: Record<string, unknown>, specials?: unknown];
  buffers: string[];
}
type Described = Record<string, unknown> & {
  bigint?: string;
  array?: [name: string, items: string[]];
  object?: Record<string, unknown>;
};

const file = new URL("../../tests/vectors/values/to_javascript.json", import.meta.url);
const { about, values } = JSON.parse(readFileSync(file, "utf8")) as { about: string; values: Vector[] };

const ARRAYS: Record<string, (items: string[]) => unknown> = {
  Int8Array: (items) => Int8Array.from(items, Number),
  Int16Array: (items) => Int16Array.from(items, Number),
  Int32Array: (items) => Int32Array.from(items, Number),
  BigInt64Array: (items) => BigInt64Array.from(items.map(BigInt)),
  Uint8Array: (items) => Uint8Array.from(items, Number),
  Uint16Array: (items) => Uint16Array.from(items, Number),
  Uint32Array: (items) => Uint32Array.from(items, Number),
  BigUint64Array: (items) => BigUint64Array.from(items.map(BigInt)),
  Float32Array: (items) => Float32Array.from(items, number),
  Float64Array: (items) => Float64Array.from(items, number),
};

/** A number as Python writes it. */
function number(text: string): number {
  return text === "inf" ? Number.POSITIVE_INFINITY : text === "nan" ? Number.NaN : Number(text);
}

const members = (each: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(each).map(([key, value]) => [key, made(value)]));

/** The JavaScript value that a vector describes (tests/vectors/README.md). */
function made(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(made);
  if (typeof value !== "object" || value === null) return value;
  const { bigint, array, object } = value as Described;
  if (bigint !== undefined) return BigInt(bigint);
  if (array) return ARRAYS[array[0]]?.(array[1]);
  return members(object ?? {});
}

describe(about, () => {
  test.each(values)("$name", ({ args, message: [plain, specials], buffers }) => {
    // As parts of a larger piece of memory, which need not be aligned.
    const parts = buffers.map((text) => {
      const content = Buffer.from(text.slice("base64:".length), "base64");
      const memory = new Uint8Array(content.length + 3);
      memory.set(content, 1);
      return memory.subarray(1, content.length + 1);
    });
    const value = specials === undefined ? plain : applySpecials(plain, specials, parts);
    expect(value).toStrictEqual(members(args));
  });
});
