import type { Bytes } from "../link";

const NUMBERS = new Map<unknown, number>([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

/** Insert Python's specials into `value`. Returns it, or another value if the value itself is special. */
export function applySpecials(value: unknown, specials: unknown, buffers: readonly Bytes[]): unknown {
  if (!Array.isArray(specials)) throw new TypeError("specials must be a list");
  const holder = { value };
  for (const special of specials) {
    if (!Array.isArray(special) || !Array.isArray(special[0]))
      throw new TypeError("a special must be a list");
    const path: unknown[] = ["value", ...special[0]];
    const key = path.pop();
    let place: unknown = holder;
    for (const step of path) place = member(place, step);
    member(place, key);
    (place as Record<string, unknown>)[key as string] = decodeSpecial(special[1], special[2], buffers);
  }
  return holder.value;
}

function member(place: unknown, key: unknown): unknown {
  const known = typeof key === "string" || typeof key === "number";
  if (!known || typeof place !== "object" || place === null || !Object.hasOwn(place, key)) {
    throw new TypeError("a special names a place that the value does not have");
  }
  return (place as Record<string | number, unknown>)[key];
}

function decodeSpecial(kind: unknown, payload: unknown, buffers: readonly Bytes[]): unknown {
  if (kind === "bytes") {
    const buffer = buffers[payload as number];
    if (!buffer) throw new TypeError("a special names a buffer that is not there");
    // Code may look at the `.buffer` of received bytes, so it contains nothing else.
    return buffer.byteLength === buffer.buffer.byteLength ? buffer : buffer.slice();
  }
  const number = NUMBERS.get(kind);
  if (number === undefined) throw new TypeError(`unknown kind of special ${String(kind)}`);
  return number;
}
