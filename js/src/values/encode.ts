import { copyBytes, isBlob, tag } from "./binary";
import { isPlain } from "./plain";
import type { Encoded, Special } from "./special";

type Holder = Record<string, unknown>;

const plain = (json: string): Encoded => ({ json, specials: [], buffers: [] });

/**
 * Encode a value for Python: the semantics of `JSON.stringify`, extended by non-finite numbers, BigInt and binary data.
 * Returns a promise if Blobs must be read. Throws the exceptions of `JSON.stringify` and `toJSON`.
 */
export function encodeValue(value: unknown): Encoded | Promise<Encoded> {
  switch (typeof value) {
    case "string":
      return plain(JSON.stringify(value));
    case "boolean":
      return plain(String(value));
    case "number":
      if (Number.isFinite(value)) return plain(JSON.stringify(value));
      break;
    case "undefined":
      return plain("null");
    case "object":
      if (value === null) return plain("null");
      if (isPlain(value)) return plain(JSON.stringify(value));
  }
  return new Encoder().encode(value);
}

/** One pass of `JSON.stringify` whose replacer removes specials and tracks their position. */
class Encoder {
  private readonly specials: Special[] = [];
  private readonly buffers: Uint8Array[] = [];
  private readonly reading: Promise<void>[] = [];
  /** The objects around the current position, outermost first, and the key of each in the one before it. */
  private readonly holders: unknown[] = [];
  private readonly keys: string[] = [];
  private depth = -1;

  encode(value: unknown): Encoded | Promise<Encoded> {
    const encoder = this;
    const json = JSON.stringify(value, function (this: unknown, key: string, member: unknown) {
      return encoder.visit(this as Holder, key, member);
    });
    const { specials, buffers } = this;
    // JSON.stringify omits functions and symbols.
    const encoded = { json: json ?? "null", specials, buffers };
    return this.reading.length ? Promise.all(this.reading).then(() => encoded) : encoded;
  }

  private visit(holder: Holder, key: string, value: unknown): unknown {
    if (this.depth < 0) this.enter("", holder);
    while (this.depth > 0 && this.holders[this.depth] !== holder) this.depth -= 1;
    switch (typeof value) {
      case "number":
        return Number.isFinite(value) ? value : this.special(key, numberKind(value));
      case "bigint":
        return this.special(key, "bigint", String(value));
      case "object":
        return value === null ? null : this.visitObject(key, value);
      default:
        return value;
    }
  }

  private visitObject(key: string, value: object): unknown {
    if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) {
      const bytes = copyBytes(value);
      if (bytes) return this.special(key, "bytes", this.buffers.push(bytes) - 1);
      if (isBlob(value)) return this.read(key, value);
      const kind = tag(value);
      if (kind === "Number" && !Number.isFinite(Number(value)))
        return this.special(key, numberKind(Number(value)));
      if (kind === "BigInt") return this.special(key, "bigint", String(value));
    }
    this.enter(key, value);
    return value;
  }

  private read(key: string, blob: Blob): null {
    const index = this.buffers.push(new Uint8Array()) - 1;
    this.reading.push(
      blob.arrayBuffer().then((content) => {
        this.buffers[index] = new Uint8Array(content);
      }),
    );
    return this.special(key, "bytes", index);
  }

  private enter(key: string, holder: unknown): void {
    this.depth += 1;
    this.holders[this.depth] = holder;
    this.keys[this.depth] = key;
  }

  private special(key: string, kind: string, payload?: unknown): null {
    // The outermost holder is JSON.stringify's own wrapper, and its key is not part of a path.
    const keys = [...this.keys.slice(1, this.depth + 1), key].slice(1);
    const path = keys.map((each, index) => (Array.isArray(this.holders[index + 1]) ? Number(each) : each));
    this.specials.push(payload === undefined ? [path, kind] : [path, kind, payload]);
    return null;
  }
}

function numberKind(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}
