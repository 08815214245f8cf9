import { ProtocolError } from "./errors";

/** Bytes of any origin. What we send ourselves always fills its ArrayBuffer: some transports send the whole of it. */
export type Bytes = Uint8Array;

/**
 * What of a frame goes beside its JSON: bytes, or messages as JSON text in ASCII. Where a wire carries text these need not become
 * bytes, which in a page that has just woken takes longer than all else.
 */
export type Part = Bytes | string;

/** Messages that came as text within the text of their frame: parsed with it, in place of their bytes. */
export class Parsed {
  constructor(readonly messages: readonly unknown[]) {}
}

/** What came beside a frame: all as bytes, or all as text. */
export type Parts = readonly Bytes[] | readonly Parsed[];

/** A message of one channel: its decoded JSON and its buffers, which its body refers to by index. */
export interface Message {
  channel: number;
  body: unknown;
  buffers: Bytes[];
}

/** A numbered frame whose turn has come, and the messages it completes, in order. */
export interface Arrival {
  number: number;
  messages: Message[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function bytesOf(part: Part): Bytes {
  return typeof part === "string" ? encoder.encode(part) : part;
}

/** The JSON value that a peer wrote as UTF-8 text. */
export function decode(data: Bytes): unknown {
  try {
    return JSON.parse(decoder.decode(data));
  } catch (error) {
    throw new ProtocolError(`a message that is not JSON: ${String(error)}`);
  }
}
