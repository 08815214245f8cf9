import { type Bytes, bytesOf, type Message } from "./message";

/** Longer texts are converted to bytes at once. */
const LONGEST_TEXT = 16 * 1024;
const NOT_ASCII = /\P{ASCII}/u;

/** A message that waits to be sent. Its buffers are not copied, so the caller must not change them. */
export class OutgoingMessage {
  /** The text as bytes; `null` if it is short and in ASCII, and remains text. */
  private readonly bytes: Bytes | null;
  readonly size: number;
  /** The number of bytes that are already in frames, as fragments. */
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

  /** Whether it is short, in ASCII, and has no buffers. */
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

  /** The size of the next part: the whole message, or the next fragment of a large one. */
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

  /** The message in the form that its receiver would have seen. */
  message(channel: number): Message {
    return { channel, body: JSON.parse(this.text), buffers: [...this.buffers] };
  }
}
