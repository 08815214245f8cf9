const SHARED = typeof SharedArrayBuffer === "function" ? SharedArrayBuffer : null;

/** The bytes of a buffer or of a view of one, copied, because their owner may change them before they are sent. */
export function copyBytes(value: object): Uint8Array | null {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  if (isBuffer(value)) return new Uint8Array(new Uint8Array(value));
  return null;
}

export function isBlob(value: object): value is Blob {
  if (typeof Blob === "function" && value instanceof Blob) return true;
  return tag(value) === "Blob" || tag(value) === "File";
}

/**
 * The type of a value by `Object.prototype.toString`, which, unlike `instanceof`, also knows values of other frames.
 */
export function tag(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function isBuffer(value: object): value is ArrayBuffer {
  if (value instanceof ArrayBuffer || (SHARED && value instanceof SHARED)) return true;
  return tag(value) === "ArrayBuffer" || tag(value) === "SharedArrayBuffer";
}
