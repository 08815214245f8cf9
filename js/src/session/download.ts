import type { Bytes } from "../link";
import type { Channel, Port } from "./channel";
import { saveFile } from "./saving";

/** A download's channel: collects the bytes where the browser keeps them and hands the file over at the end. */
export class Download implements Channel {
  private parts: Blob[] = [];
  private ended = false;
  received = 0;
  /** Called when bytes have arrived. */
  readonly watchers = new Set<() => void>();

  constructor(
    private readonly port: Port,
    private readonly name: string,
    private readonly type: string,
  ) {}

  receive(message: readonly unknown[], buffers: readonly Bytes[]): void {
    if (this.ended) return;
    switch (message[0]) {
      case "chunk":
        return this.collect(buffers);
      case "end":
        return this.save();
      case "abort":
        return this.close();
    }
  }

  close(): void {
    this.ended = true;
    this.parts = [];
    this.watchers.clear();
  }

  private collect(buffers: readonly Bytes[]): void {
    for (const buffer of buffers) {
      // A Blob of its own: its bytes leave the heap at once, and the browser may put them on disk.
      this.parts.push(new Blob([buffer as Uint8Array<ArrayBuffer>]));
      this.received += buffer.byteLength;
    }
    for (const watcher of this.watchers) watcher();
  }

  private save(): void {
    this.ended = true;
    const file = new Blob(this.parts, { type: this.type });
    this.parts = [];
    saveFile(file, this.name, this.port.clock, (error) => {
      const message = error === undefined ? ["saved", file.size] : ["failed", String(error)];
      this.port.send(JSON.stringify(message));
    });
  }
}
