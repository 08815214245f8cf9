import { type Bytes, decode, type Message } from "./message";

const encoder = new TextEncoder();

/** A message that waits to be sent. Its buffers are not copied: the caller leaves them alone. */
export class Parcel {
  readonly text: Bytes;
  readonly size: number;
  /** Bytes that have gone into frames as pieces. */
  sent = 0;

  constructor(
    text: string,
    readonly buffers: readonly Bytes[],
  ) {
    this.text = encoder.encode(text);
    this.size = buffers.reduce((sum, buffer) => sum + buffer.byteLength, this.text.byteLength);
  }

  get lengths(): number[] {
    return [this.text.byteLength, ...this.buffers.map((buffer) => buffer.byteLength)];
  }

  /** The size of what goes next: the whole message, or its next piece if it is large. */
  next(piece: number): number {
    return this.size > piece ? Math.min(piece, this.size - this.sent) : this.size;
  }

  /** The next `size` bytes, copied into a buffer that they fill. */
  cut(size: number): Bytes {
    const start = this.sent;
    const end = start + size;
    const piece = new Uint8Array(size);
    let offset = 0;
    for (const part of [this.text, ...this.buffers]) {
      const from = Math.max(0, start - offset);
      const to = Math.min(part.byteLength, end - offset);
      if (from < to) piece.set(part.subarray(from, to), offset + from - start);
      offset += part.byteLength;
    }
    this.sent = end;
    return piece;
  }

  /** The message as its receiver would have seen it. */
  message(channel: number): Message {
    return { channel, body: decode(this.text), buffers: [...this.buffers] };
  }
}
