import { pack, unpack } from "./envelope";

/** The position of a value's number, at the start of its message. */
const VALUE = /^\["value",(\d+),/;
/** The number of bytes that contain it. */
const HEAD = 32;

type Item = [channel: number, buffers: number, lengths?: number[] | 0];

/**
 * Sends errors in place of values that cannot pass. Their frame has a number in a sequence, so it is sent again under
 * the same number, with other content: the peer has not seen the first one.
 */
export class Withdrawn {
  /** The channels on which the rest of a large message is omitted, after which frame, and before which. */
  private readonly rests: { channel: number; after: number; before: number }[] = [];

  /** `message` with errors that contain `why` in place of its values; null if it cannot be replaced. */
  instead(message: Uint8Array<ArrayBuffer>, why: string): Uint8Array<ArrayBuffer> | null {
    const without = this.rid(message);
    if (without !== message) return without;
    const { envelope, parts } = unpack(message);
    const frame = envelope.frame as { number: number; items?: Item[] } | undefined;
    if (!frame?.items) return null;
    const { items, buffers } = { items: [] as Item[], buffers: [] as Uint8Array[] };
    let used = 0;
    for (const [channel, count, lengths] of frame.items) {
      const [first, ...own] = parts.slice(used, used + count) as [Uint8Array];
      used += count;
      if (lengths === 0) return null;
      if (lengths && lengths.reduce((sum, each) => sum + each, 0) > first.byteLength)
        this.rests.push({ channel, after: frame.number, before: Infinity });
      items.push([channel, 1]);
      const texts = lengths || own.length ? [errorOf(first, lengths ? 0 : 1, why)] : errorsOf(first, why);
      buffers.push(new TextEncoder().encode(`[${texts.filter(Boolean).join()}]`));
    }
    return pack({ ...envelope, frame: { ...frame, items } }, buffers);
  }

  /** `message` without the rest of a replaced message. */
  rid(message: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (!this.rests.length) return message;
    const { envelope, parts } = unpack(message);
    const frame = envelope.frame as { number: number; items?: Item[] } | undefined;
    if (!frame?.items) return message;
    const { items, buffers } = { items: [] as Item[], buffers: [] as Uint8Array[] };
    let used = 0;
    for (const item of frame.items) {
      const own = parts.slice(used, used + item[1]);
      used += item[1];
      if (this.isRest(item, frame.number)) continue;
      items.push(item);
      buffers.push(...own);
    }
    if (items.length === frame.items.length) return message;
    return pack({ ...envelope, frame: { ...frame, items } }, buffers);
  }

  private isRest([channel, , lengths]: Item, number: number): boolean {
    for (const rest of this.rests) {
      if (rest.channel !== channel || number <= rest.after || number >= rest.before) continue;
      if (lengths === 0) return true;
      rest.before = number;
    }
    return false;
  }
}

/** The error in place of the message that starts like this, from `start`; empty if it is not a value. */
function errorOf(bytes: Uint8Array, start: number, why: string): string {
  const number = VALUE.exec(new TextDecoder().decode(bytes.subarray(start, start + HEAD)))?.[1];
  if (!number) return "";
  const message = `the value could not be sent to Python: ${why}`;
  return JSON.stringify(["error", Number(number), { name: "RangeError", message, stack: "", code: "" }]);
}

/** The replacement of a batch: errors for its values, the rest unchanged; without a value, nothing remains. */
function errorsOf(bytes: Uint8Array, why: string): string[] {
  const encoder = new TextEncoder();
  let replaced = 0;
  const texts = (JSON.parse(new TextDecoder().decode(bytes)) as unknown[]).map((message) => {
    const text = JSON.stringify(message);
    const error = errorOf(encoder.encode(text.slice(0, HEAD)), 0, why);
    if (error) replaced += 1;
    return error || text;
  });
  return replaced ? texts : [];
}
