import type { Bytes } from "../link";
import { isTypedArray, typedArray } from "./typed_array";

const NUMBERS = new Map<unknown, number>([
  ["nan", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

/** Returns Python's function with a number. */
export type FunctionOf = (number: number) => unknown;

/** Insert Python's specials into `value`. Returns it, or another value if the value itself is special. */
export function applySpecials(
  value: unknown,
  specials: unknown,
  buffers: readonly Bytes[],
  functionOf?: FunctionOf,
): unknown {
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
    (place as Record<string, unknown>)[key as string] = decodeSpecial(
      special[1],
      special[2],
      buffers,
      functionOf,
    );
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

function decodeSpecial(
  kind: unknown,
  payload: unknown,
  buffers: readonly Bytes[],
  functionOf: FunctionOf | undefined,
): unknown {
  if (kind === "bytes") return ownBytes(payload, buffers);
  if (kind === "bigint") return bigInteger(payload);
  if (kind === "function" && functionOf && Number.isSafeInteger(payload))
    return functionOf(payload as number);
  if (isTypedArray(kind)) return typedArray(kind, ownBytes(payload, buffers));
  const number = NUMBERS.get(kind);
  if (number === undefined) throw new TypeError(`unknown kind of special ${String(kind)}`);
  return number;
}

/** A buffer as the only content of its ArrayBuffer, because code may look at the `.buffer` of what it receives. */
function ownBytes(index: unknown, buffers: readonly Bytes[]): Bytes {
  const buffer = buffers[index as number];
  if (!buffer) throw new TypeError("a special names a buffer that is not there");
  return buffer.byteLength === buffer.buffer.byteLength ? buffer : buffer.slice();
}

function bigInteger(digits: unknown): bigint {
  if (typeof digits !== "string" || !/^-?[0-9]+$/.test(digits))
    throw new TypeError("a bigint must be decimal text");
  return BigInt(digits);
}
