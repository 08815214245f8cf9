import type { Bytes } from "../link";
import type { Transport } from "./transport";

/** The part of the model that anywidget passes to modules and that this package uses. */
export interface WidgetModel {
  /** The front end's widget manager. In JupyterLab and Notebook 7, it contains the `kernel` connection. */
  readonly widget_manager?: unknown;
  get(name: string): unknown;
  send(content: unknown, callbacks: undefined, buffers: ArrayBuffer[]): void;
  on(event: "msg:custom", callback: (content: unknown, buffers: unknown) => void): void;
  on(event: `change:${string}`, callback: () => void): void;
  off(event: "msg:custom", callback: (content: unknown, buffers: unknown) => void): void;
  off(event: `change:${string}`, callback: () => void): void;
}

/** Carries envelopes as the custom messages of a widget's comm. */
export class AnywidgetTransport implements Transport {
  constructor(private readonly model: WidgetModel) {}

  send(envelope: object, buffers: readonly Bytes[]): void {
    this.model.send(envelope, undefined, buffers.map(wholeBuffer));
  }

  onEnvelope(receive: (envelope: unknown, buffers: readonly Bytes[]) => void): () => void {
    const callback = (content: unknown, buffers: unknown) => {
      receive(content, Array.isArray(buffers) ? buffers.map(asBytes) : []);
    };
    this.model.on("msg:custom", callback);
    return () => this.model.off("msg:custom", callback);
  }
}

// @jupyterlab/services sends a view's whole buffer, not only the part that the view shows:
// https://github.com/jupyterlab/jupyterlab/blob/main/packages/services/src/kernel/serialize.ts
export function wholeBuffer(bytes: Bytes): ArrayBuffer {
  const { buffer } = bytes;
  const whole = bytes.byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;
  return whole ? buffer : new Uint8Array(bytes).buffer;
}

export function asBytes(buffer: unknown): Bytes {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  return new Uint8Array(buffer as ArrayBuffer);
}
