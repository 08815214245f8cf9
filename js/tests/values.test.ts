import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applySpecials, type Encoded, encodeValue } from "../src/values";

/** What Python makes of an encoded value, in JavaScript's terms: bytes as an array of numbers, big integers as text. */
function asPython({ json, specials, buffers }: Encoded): unknown {
  const holder = { value: JSON.parse(json) };
  for (const [path, kind, payload] of specials) {
    const keys = ["value", ...path];
    const last = keys.pop() as string;
    const place = keys.reduce<Record<string, never>>((at, key) => at[key] as never, holder as never);
    expect(place[last]).toBeNull();
    const values: Record<string, unknown> = {
      nan: "NaN",
      inf: "Infinity",
      "-inf": "-Infinity",
      bigint: `${payload}n`,
      bytes: [...(buffers[payload as number] ?? [])],
    };
    Object.assign(place, { [last]: values[kind] });
  }
  return holder.value;
}

const python = async (value: unknown) => asPython(await encodeValue(value));

describe("JavaScript to Python", () => {
  test("what JSON can say is said as JSON.stringify says it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const encoded = await encodeValue(value);
        expect(encoded).toEqual({ json: JSON.stringify(value), specials: [], buffers: [] });
      }),
    );
  });

  test.each([
    [undefined, null],
    [() => 1, null],
    [Symbol("x"), null],
    [{ a: undefined, b: () => 1, c: 1 }, { c: 1 }],
    [
      [undefined, () => 1],
      [null, null],
    ],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [{ when: { toJSON: () => "then" } }, { when: "then" }],
    [new Map([[1, 2]]), {}],
    [new Set([1]), {}],
    [Object(7), 7],
    [Object("text"), "text"],
    [Object.assign([1], { 2: 3 }), [1, null, 3]],
    [-0, 0],
    [/x/, {}],
  ])("%o becomes %j, as JSON.stringify has it", async (value, expected) => {
    expect(await python(value)).toEqual(expected);
  });

  test.each([
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [{ a: [1, Number.NEGATIVE_INFINITY] }, { a: [1, "-Infinity"] }],
    [Object(Number.NaN), "NaN"],
    [123456789012345678901234567890n, "123456789012345678901234567890n"],
    [{ n: Object(5n) }, { n: "5n" }],
    [new Uint8Array([1, 2]), [1, 2]],
    [new Uint8Array([1, 2]).buffer, [1, 2]],
    [new Uint16Array([258]).subarray(0), [2, 1]],
    [new Uint8Array([0, 1, 2, 3]).subarray(1, 3), [1, 2]],
    [new DataView(new Uint8Array([0, 9, 0]).buffer, 1, 1), [9]],
    [new Uint8Array(new SharedArrayBuffer(2)), [0, 0]],
    [new Blob(["ab"]), [97, 98]],
    [{ x: [new Blob(["b"]), new Uint8Array([1]), new File(["c"], "c")] }, { x: [[98], [1], [99]] }],
    [
      { "": Number.NaN, a: { b: {}, c: [[], Number.NaN] } },
      { "": "NaN", a: { b: {}, c: [[], "NaN"] } },
    ],
  ])("%o keeps what JSON cannot say", async (value, expected) => {
    expect(await python(value)).toEqual(expected);
  });

  test("specials stand where they belong, however deep and however often the same object occurs", async () => {
    const leaf = fc.oneof(fc.constant(Number.NaN), fc.bigInt(), fc.integer(), fc.string(), fc.uint8Array());
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie("tree")),
        fc.dictionary(fc.string(), tie("tree")),
        tie("twice"),
      ),
      twice: fc.tuple(tie("tree")).map(([each]) => [each, each]),
    }));
    const plainly = (value: unknown): unknown => {
      if (typeof value === "bigint") return `${value}n`;
      if (typeof value === "number" && Number.isNaN(value)) return "NaN";
      if (value instanceof Uint8Array || Array.isArray(value)) return Array.from(value, plainly);
      if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainly(each)]));
    };
    // "__proto__" as a key is JSON.stringify's business, not ours: the comparison above cannot build it.
    const tame = tree.filter((value) => !JSON.stringify(plainly(value)).includes("__proto__"));
    await fc.assert(
      fc.asyncProperty(tame, async (value) => {
        expect(await python(value)).toEqual(plainly(value));
      }),
    );
  });

  test("bytes are those of the moment: a later change is not sent", async () => {
    const bytes = new Uint8Array([1]);
    const encoded = await encodeValue(bytes);
    bytes[0] = 2;
    expect([...(encoded.buffers[0] ?? [])]).toEqual([1]);
  });

  test("buffers fill their ArrayBuffers", async () => {
    const { buffers } = await encodeValue([new Uint8Array(9).subarray(3, 5), new Uint8Array(2)]);
    expect(buffers.map((each) => each.buffer.byteLength)).toEqual([2, 2]);
  });

  test("a cyclic value throws what JSON.stringify throws", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = [cyclic];
    expect(() => encodeValue(cyclic)).toThrow(TypeError);
  });

  test("a cyclic value of many branches is found out about quickly", () => {
    const nodes = Array.from({ length: 50 }, () => ({ all: [] as unknown[] }));
    for (const node of nodes) node.all = nodes;
    expect(() => encodeValue(nodes)).toThrow(TypeError);
  });

  test("a Blob that cannot be read rejects", async () => {
    const blob = new Blob(["x"]);
    blob.arrayBuffer = () => Promise.reject(new Error("gone"));
    await expect(encodeValue([blob])).rejects.toThrow("gone");
  });
});

describe("Python to JavaScript", () => {
  test.each([
    [{ x: null }, [[["x"], "nan"]], { x: Number.NaN }],
    [
      { x: [null, null] },
      [
        [["x", 0], "inf"],
        [["x", 1], "-inf"],
      ],
      { x: [Infinity, -Infinity] },
    ],
    [null, [[[], "nan"]], Number.NaN],
  ])("%j with %j is %o", (value, specials, expected) => {
    expect(applySpecials(value, specials, [])).toEqual(expected);
  });

  test("bytes are a Uint8Array that fills its ArrayBuffer", () => {
    const [part] = [new Uint8Array([0, 1, 2, 0]).subarray(1, 3)];
    const value = applySpecials({ x: null }, [[["x"], "bytes", 0]], [part]) as { x: Uint8Array };
    expect([...value.x]).toEqual([1, 2]);
    expect(value.x.buffer.byteLength).toBe(2);
  });

  test("integers of any size arrive, and come back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt(), async (value) => {
        const arrived = applySpecials([null], [[[0], "bigint", String(value)]], []);
        expect(arrived).toEqual([value]);
        expect(await python(arrived)).toEqual([`${value}n`]);
      }),
    );
  });

  test.each([
    ["int8", fc.int8Array()],
    ["int16", fc.int16Array()],
    ["int32", fc.int32Array()],
    ["int64", fc.bigInt64Array()],
    ["uint8", fc.uint8Array()],
    ["uint16", fc.uint16Array()],
    ["uint32", fc.uint32Array()],
    ["uint64", fc.bigUint64Array()],
    ["float32", fc.float32Array()],
    ["float64", fc.float64Array()],
  ])(
    "typed arrays of %s arrive, and come back as bytes",
    async (kind, arrays: fc.Arbitrary<ArrayBufferView>) => {
      await fc.assert(
        fc.asyncProperty(arrays, fc.nat(9), async (array, before) => {
          const content = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
          const memory = new Uint8Array(before + content.length);
          memory.set(content, before);
          const arrived = applySpecials(null, [[[], kind, 0]], [memory.subarray(before)]) as ArrayBufferView;
          expect(arrived).toStrictEqual(array);
          expect(arrived.buffer.byteLength).toBe(array.byteLength);
          expect(await python(arrived)).toEqual([...content]);
        }),
      );
    },
  );

  test.each([
    ["nan"],
    [[["x", "nan"]]],
    [[[["y"], "nan"]]],
    [[[["x", "z"], "nan"]]],
    [[[["x"], "surprise"]]],
    [[[["x"], "bytes", 3]]],
    [[[["constructor", "prototype"], "nan"]]],
    [[[["x"], "bigint", 5]]],
    [[[["x"], "bigint", ""]]],
    [[[["x"], "bigint", "0x10"]]],
    [[[["x"], "int8", 3]]],
    [[[["x"], "int16", 0]]],
  ])("malformed specials %j are refused", (specials) => {
    expect(() => applySpecials({ x: null }, specials, [new Uint8Array(3)])).toThrow(TypeError);
  });
});
