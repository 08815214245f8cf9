import { type Bytes, bytesOf, type Message } from "./message";

/** Longer texts become bytes at once. */
const LONGEST_TEXT = 16 * 1024;
const NOT_ASCII = /\P{ASCII}/u;

/** A message that waits to be sent. Its buffers are not copied: the caller leaves them alone. */
export class OutgoingMessage {
  /** The text as bytes; `null` where it is short and plain and may stay as it is. */
  private readonly bytes: Bytes | null;
  readonly size: number;
  /** Bytes that have gone into frames as fragments. */
  sent = 0;

  constructor(
    readonly text: string,
    readonly buffers: readonly Bytes[],
  ) {
    const plain = !buffers.length && text.length <= LONGEST_TEXT && !NOT_ASCII.test(text);
    this.bytes = plain ? null : bytesOf(text);
    this.size = this.bytes?.byteLength ?? text.length;
    for (const buffer of buffers) this.size += buffer.byteLength;
  }

  /** It is short, in ASCII, and has no buffers. */
  get plain(): boolean {
    return this.bytes === null;
  }

  /** Its text in UTF-8. */
  get encoded(): Bytes {
    return this.bytes ?? bytesOf(this.text);
  }

  get lengths(): number[] {
    return [this.encoded.byteLength, ...this.buffers.map((buffer) => buffer.byteLength)];
  }

  /** The size of what goes next: the whole message, or its next fragment if it is large. */
  next(fragment: number): number {
    return this.size > fragment ? Math.min(fragment, this.size - this.sent) : this.size;
  }

  /** The next `size` bytes, copied into a buffer that they fill. */
  cut(size: number): Bytes {
    const start = this.sent;
    const end = start + size;
    const fragment = new Uint8Array(size);
    let offset = 0;
    for (const part of [this.encoded, ...this.buffers]) {
      const from = Math.max(0, start - offset);
      const to = Math.min(part.byteLength, end - offset);
      if (from < to) fragment.set(part.subarray(from, to), offset + from - start);
      offset += part.byteLength;
    }
    this.sent = end;
    return fragment;
  }

  /** The message as its receiver would have seen it. */
  message(channel: number): Message {
    return { channel, body: JSON.parse(this.text), buffers: [...this.buffers] };
  }
}
