import type { Bytes } from "../link";
import type { Channel, Port } from "./channel";
import type { Fetches } from "./fetches";
import { fetchFile, saveFile, takenOver } from "./saving";

/**
 * So many bytes make a Blob, whose bytes leave the heap and may go to disk. One for each chunk of 1 MiB made a download of
 * 64 MB 1.5 times slower than the comm; 16 MiB together cost next to nothing.
 */
const BLOB_SIZE = 16 * 1024 * 1024;

/** Progress is told at most this often: painting it ten times a second took a seventh of a large download's time. In seconds. */
const BETWEEN_PROGRESS = 0.25;

/**
 * A download's channel: collects the bytes where the browser keeps them and hands the file over at the end; or has the
 * browser fetch the file, and only hears how far it is.
 */
export class Download implements Channel {
  private parts: Blob[] = [];
  private chunks: Uint8Array<ArrayBuffer>[] = [];
  private chunkBytes = 0;
  /** Settled when the browser has taken over the parts; `null` for a small file. */
  private taken: Promise<unknown> | null = null;
  private ended = false;
  private told = -Infinity;
  /** Tells that the browser's connection is free again. */
  private fetched = () => {};
  received = 0;
  /** Called when bytes have arrived, but not for each chunk. */
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
      case "progress":
        return this.progress(message[1]);
      case "abort":
        return this.close();
    }
  }

  close(): void {
    this.ended = true;
    this.parts = [];
    this.chunks = [];
    this.watchers.clear();
    this.fetched();
    this.fetched = () => {};
  }

  /** Have the browser fetch the file from the page's own server. */
  fetch(url: string, fetches: Fetches): void {
    const clicked = (error?: unknown) => {
      this.port.send(JSON.stringify(error === undefined ? ["clicked"] : ["failed", String(error)]));
    };
    fetches.begin(() => {
      if (this.ended) return fetches.end();
      this.fetched = () => fetches.end();
      fetchFile(url, this.name, this.port.clock, () => this.ended, clicked);
    });
  }

  private progress(sent: unknown): void {
    this.received = Number(sent);
    for (const watcher of this.watchers) watcher();
  }

  private collect(buffers: readonly Bytes[]): void {
    for (const buffer of buffers) {
      this.chunks.push(buffer as Uint8Array<ArrayBuffer>);
      this.chunkBytes += buffer.byteLength;
      this.received += buffer.byteLength;
      if (this.chunkBytes >= BLOB_SIZE) this.pack();
    }
    this.tell();
  }

  private tell(): void {
    const now = this.port.clock.now();
    if (now - this.told < BETWEEN_PROGRESS) return;
    this.told = now;
    for (const watcher of this.watchers) watcher();
  }

  private pack(): void {
    const part = new Blob(this.chunks);
    this.parts.push(part);
    this.chunks = [];
    this.chunkBytes = 0;
    // Small files are not worth the wait. The rest is looked at while more is on its way.
    if (this.parts.length > 1 || part.size >= BLOB_SIZE)
      this.taken = Promise.all([this.taken, takenOver(part)]);
  }

  private save(): void {
    this.ended = true;
    if (this.chunks.length) this.pack();
    const file = new Blob(this.parts, { type: this.type });
    this.parts = [];
    const done = (error?: unknown) => {
      const message = error === undefined ? ["saved", file.size] : ["failed", String(error)];
      this.port.send(JSON.stringify(message));
    };
    const save = () => saveFile(file, this.name, this.port.clock, done);
    if (this.taken === null) save();
    else this.taken.then(save, done);
  }
}
