import type { Bytes } from "../link";
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
