import { type Bytes, Parsed } from "../link";

/** Encoding of envelopes as bytes or text, for WebSocket messages and HTTP bodies (docs/protocol.md). */

const LENGTH = 4;
const NONE: number[] = [];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Encode an envelope and its buffers as one message. */
export function pack(envelope: object, buffers: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const lengths = buffers.map((buffer) => buffer.byteLength);
  const text = encoder.encode(JSON.stringify(lengths.length ? { ...envelope, buffers: lengths } : envelope));
  return concatenate(text, buffers);
}

/** The envelope and the buffers of a message; the buffers are views of it. Throws if it is malformed. */
export function unpack(message: Bytes): { envelope: Record<string, unknown>; parts: Bytes[] } {
  const text = lengthAt(message, 0);
  let end = LENGTH + text;
  const envelope = JSON.parse(decoder.decode(message.subarray(LENGTH, end)));
  const buffers: Bytes[] = [];
  for (const length of (envelope.buffers ?? NONE) as number[]) {
    end += length;
    buffers.push(message.subarray(end - length, end));
  }
  if (end !== message.byteLength)
    throw new RangeError(`a message of ${message.byteLength} bytes, not ${end}`);
  // Removed by assignment: copying the rest would take longer than everything else here, and this runs for every
  // message.
  envelope.buffers = undefined;
  return { envelope, parts: buffers };
}

/** Encode an envelope and its messages' JSON texts as one text. */
export function packText(envelope: object, texts: readonly string[]): string {
  const text = JSON.stringify(envelope);
  return texts.length ? `${text.slice(0, -1)},"bodies":[${texts.join()}]}` : text;
}

/** The envelope and the messages of a text. Throws if it is malformed. */
export function unpackText(message: string): { envelope: Record<string, unknown>; parts: Parsed[] } {
  const envelope = JSON.parse(message);
  const parts = ((envelope.bodies ?? NONE) as unknown[]).map((messages) => {
    if (!Array.isArray(messages)) throw new TypeError("a batch must be a list of messages");
    return new Parsed(messages);
  });
  envelope.bodies = undefined;
  return { envelope, parts };
}

/** Join messages to one body, each after its length. */
export function join(messages: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const parts = messages.map((message) => concatenate(message, []));
  return parts.length === 1 ? (parts[0] as Uint8Array<ArrayBuffer>) : concatenated(parts);
}

/** The messages of a body. Throws if it is malformed. */
export function split(body: Bytes): Bytes[] {
  const messages: Bytes[] = [];
  for (let start = 0; start < body.byteLength; ) {
    const end = start + LENGTH + lengthAt(body, start);
    if (end > body.byteLength) throw new RangeError(`a body of ${body.byteLength} bytes, not ${end}`);
    messages.push(body.subarray(start + LENGTH, end));
    start = end;
  }
  return messages;
}

/** Join the length of `head`, `head`, and the rest. */
function concatenate(head: Bytes, rest: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(LENGTH);
  new DataView(length.buffer).setUint32(0, head.byteLength);
  return concatenated([length, head, ...rest]);
}

function concatenated(parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.byteLength;
  }
  return whole;
}

function lengthAt(bytes: Bytes, offset: number): number {
  if (offset + LENGTH > bytes.byteLength) throw new RangeError("a message that ends within a length");
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset);
}
