import type { Bytes } from "../link";

const TYPES = new Map<
  unknown,
  (new (buffer: ArrayBufferLike) => ArrayBufferView) & { BYTES_PER_ELEMENT: number }
>([
  ["int8", Int8Array],
  ["int16", Int16Array],
  ["int32", Int32Array],
  ["int64", BigInt64Array],
  ["uint8", Uint8Array],
  ["uint16", Uint16Array],
  ["uint32", Uint32Array],
  ["uint64", BigUint64Array],
  ["float32", Float32Array],
  ["float64", Float64Array],
]);

/** Whether a kind of special is that of a typed array. */
export function isTypedArray(kind: unknown): boolean {
  return TYPES.has(kind);
}

/** The typed array of the kind, over the same memory. The bytes must fill their ArrayBuffer. */
export function typedArray(kind: unknown, bytes: Bytes): ArrayBufferView {
  const type = TYPES.get(kind);
  if (!type || bytes.byteLength % type.BYTES_PER_ELEMENT) {
    throw new TypeError(`${bytes.byteLength} bytes are no ${String(kind)} array`);
  }
  return new type(bytes.buffer);
}
