import { ProtocolError } from "./errors";

/** Bytes of any origin. Sent ones always fill their ArrayBuffer, because some transports send all of it. */
export type Bytes = Uint8Array;

/**
 * The content of a frame beside its JSON: bytes, or messages as JSON text in ASCII. If a wire carries text, the texts
 * are not converted to bytes: in a page that has just woken up, this takes longer than everything else.
 */
export type Part = Bytes | string;

/** Messages that were part of their frame's text and were parsed with it. */
export class Parsed {
  constructor(readonly messages: readonly unknown[]) {}
}

/** The content that arrived beside a frame: all bytes, or all texts. */
export type Parts = readonly Bytes[] | readonly Parsed[];

/** A message on one channel: its decoded JSON and its buffers (its body contains their indices). */
export interface Message {
  channel: number;
  body: unknown;
  buffers: Bytes[];
}

/** A numbered frame whose turn has come, and the messages that it completes, in order. */
export interface Arrival {
  number: number;
  messages: Message[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function bytesOf(part: Part): Bytes {
  return typeof part === "string" ? encoder.encode(part) : part;
}

/** Parse a peer's JSON text in UTF-8. */
export function decode(data: Bytes): unknown {
  try {
    return JSON.parse(decoder.decode(data));
  } catch (error) {
    throw new ProtocolError(`a message that is not JSON: ${String(error)}`);
  }
}
