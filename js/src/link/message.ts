import { ProtocolError } from "./errors";

/** Bytes of any origin. What we send ourselves always fills its ArrayBuffer: some transports send the whole of it. */
export type Bytes = Uint8Array;

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

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The JSON value that a peer wrote as UTF-8 text. */
export function decode(data: Bytes): unknown {
  try {
    return JSON.parse(decoder.decode(data));
  } catch (error) {
    throw new ProtocolError(`a message that is not JSON: ${String(error)}`);
  }
}
