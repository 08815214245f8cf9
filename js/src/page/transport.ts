import type { Bytes, Part, Parts } from "../link";

/** Carries envelopes (docs/protocol.md): a comm now, a websocket later. */
export interface Transport {
  /** Send one envelope, in the order of the calls. Buffers fill their ArrayBuffers. */
  send(envelope: object, buffers: readonly Bytes[]): void;
  /** Send one envelope, with messages as text where they are; for a transport that can carry text. */
  sendParts?(envelope: object, parts: readonly Part[]): void;
  /** Call `receive` with whatever arrives, in order. Returns how to stop. */
  onEnvelope(receive: (envelope: unknown, parts: Parts) => void): () => void;
  /** Whether there is still something to talk to; where it cannot be known, there is. */
  connected?(): boolean;
}
