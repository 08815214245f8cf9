import type { Bytes } from "../link";
import type { Transport } from "./transport";

// Number of bytes passed as arguments of one call: engines accept at least 65,536.
const CHUNK = 32_768;

/**
 * Carries buffers as base64 in the envelope's field `base64`, in both directions: for a server that passes only text
 * between the page and a kernel behind a gateway.
 */
export class TextTransport implements Transport {
  constructor(private readonly comm: Transport) {}

  send(envelope: object, buffers: readonly Bytes[]): void {
    this.comm.send(buffers.length ? { ...envelope, base64: buffers.map(toBase64) } : envelope, []);
  }

  connected(): boolean {
    return this.comm.connected?.() ?? true;
  }

  onEnvelope(receive: (envelope: unknown, buffers: readonly Bytes[]) => void): () => void {
    return this.comm.onEnvelope((envelope) => {
      const { base64 } = Object(envelope) as { base64?: unknown };
      receive(envelope, Array.isArray(base64) ? base64.map(fromBase64) : []);
    });
  }
}

function toBase64(bytes: Bytes): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(text);
}

function fromBase64(text: string): Bytes {
  const latin1 = atob(text);
  const bytes = new Uint8Array(latin1.length);
  for (let index = 0; index < latin1.length; index += 1) bytes[index] = latin1.charCodeAt(index);
  return bytes;
}
