import type { Bytes } from "../link";

/** Carries envelopes (docs/protocol.md): a comm now, a websocket later. */
export interface Transport {
  /** Send one envelope, in the order of the calls. Buffers fill their ArrayBuffers. */
  send(envelope: object, buffers: readonly Bytes[]): void;
  /** Call `receive` with whatever arrives, in order. Returns how to stop. */
  onEnvelope(receive: (envelope: unknown, buffers: readonly Bytes[]) => void): () => void;
  /** Whether there is still something to talk to; where it cannot be known, there is. */
  connected?(): boolean;
}
