import type { Bytes } from "../link";
import type { Refusal } from "./refusal";

/** A connection to the server while it lasts: a WebSocket, or requests one after the other. */
export interface Wire {
  /** Send a message; it may be lost with the wire. */
  send(message: Uint8Array<ArrayBuffer>): void;
  /** Send a message that is text, where the wire carries such. */
  sendText?(message: string): void;
  /** End it; nothing is heard of it any more. */
  close(): void;
}

/** What is heard of a wire. */
export interface WireEvents {
  opened(): void;
  message(message: Bytes | string): void;
  /** It has ended, or could not be opened; and why, where that is known. */
  ended(refusal?: Refusal): void;
}

export type Dial = (events: WireEvents) => Wire;
