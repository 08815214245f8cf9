import { type Bytes, bytesOf, type Part, type Parts } from "../link";
import { pack, packText, unpack, unpackText } from "./envelope";
import type { Refusal } from "./refusal";

/** A connection to the server: a WebSocket, or successive requests. */
export interface Wire {
  /** Send a message. It may be lost with the wire. */
  send(message: Uint8Array<ArrayBuffer>): void;
  /** Send a message as text, if the wire carries text. */
  sendText?(message: string): void;
  /** Close the wire. It reports nothing any more. */
  close(): void;
}

/** The events of a wire. */
export interface WireEvents {
  opened(): void;
  message(message: Bytes | string): void;
  /** It has ended, or could not be opened, with the reason, if known. */
  ended(refusal?: Refusal): void;
}

export type Dial = (events: WireEvents) => Wire;

/** Send an envelope, as text if its parts and the wire allow it. */
export function sendOver(wire: Wire, envelope: object, parts: readonly Part[]): void {
  if (wire.sendText && parts.every(isText)) wire.sendText(packText(envelope, parts));
  else wire.send(pack(envelope, parts.map(bytesOf)));
}

/** The envelope and the parts of a message; `null`, with a warning that names the sender, if it is malformed. */
export function readMessage(
  message: Bytes | string,
  sender: string,
): { envelope: Record<string, unknown>; parts: Parts } | null {
  try {
    return typeof message === "string" ? unpackText(message) : unpack(message);
  } catch (error) {
    console.warn(`nbsession: the ${sender} sent a message that violates the protocol:`, error);
    return null;
  }
}

function isText(part: Part): part is string {
  return typeof part === "string";
}
