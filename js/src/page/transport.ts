import type { Bytes, Part, Parts } from "../link";

/** Carries envelopes (docs/protocol.md) over a comm or to a server. */
export interface Transport {
  /** Send one envelope, in the order of the calls. Buffers fill their ArrayBuffers. */
  send(envelope: object, buffers: readonly Bytes[]): void;
  /** Send one envelope with its messages as text; for a transport that can carry text. */
  sendParts?(envelope: object, parts: readonly Part[]): void;
  /** Call `receive` with each received envelope, in order. Returns a function that stops this. */
  onEnvelope(receive: (envelope: unknown, parts: Parts) => void): () => void;
  /** Whether the peer still exists; true if unknown. */
  connected?(): boolean;
}
