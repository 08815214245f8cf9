import type { Bytes } from "../link";
import type { Channel, Port } from "./channel";
import type { Fetches } from "./fetches";
import { Parts } from "./parts";
import { Turn } from "./room";
import { fetchFile, inOrder, saveFile } from "./saving";

/**
 * Number of bytes in one Blob, whose bytes leave the heap and may go to disk. With a Blob for each chunk of 1 MiB, a
 * download of 64 MB took 1.5 times as long as the comm; 16 MiB cost almost nothing.
 */
const BLOB_SIZE = 16 * 1024 * 1024;

/**
 * Minimum pause between two updates of the progress: painting it ten times a second took a seventh of a large
 * download's time. In seconds.
 */
const BETWEEN_PROGRESS = 0.25;

/**
 * A download's channel. It collects the bytes in the browser's storage and hands over the file at the end, or it lets
 * the browser fetch the file and only receives the progress.
 */
export class Download implements Channel {
  private readonly parts: Parts;
  private readonly turn = new Turn();
  private chunks: Uint8Array<ArrayBuffer>[] = [];
  private chunkBytes = 0;
  /** No more data will arrive. */
  private ended = false;
  private closed = false;
  private told = -Infinity;
  /** Records that the browser's connection is free again. */
  private fetched = () => {};
  received = 0;
  /** Whether the browser has no room for it yet. */
  waiting = false;
  /** Called when bytes have arrived, but not for each chunk, and when it starts or stops waiting. */
  readonly watchers = new Set<() => void>();

  constructor(
    private readonly port: Port,
    private readonly name: string,
    private readonly type: string,
  ) {
    const applicant = {
      turn: this.turn,
      clock: port.clock,
      ended: () => this.closed,
      waits: (waiting: boolean) => {
        if (waiting === this.waiting) return;
        this.waiting = waiting;
        for (const watcher of this.watchers) watcher();
      },
    };
    this.parts = new Parts(applicant, (error) => this.fail(error));
  }

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
    this.ended = this.closed = true;
    this.parts.clear();
    this.chunks = [];
    this.watchers.clear();
    this.fetched();
    this.fetched = () => {};
  }

  /** Let the browser fetch the file from the page's own server. */
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
    const { chunks, chunkBytes } = this;
    this.chunks = [];
    this.chunkBytes = 0;
    this.parts.add(chunks, chunkBytes);
  }

  private fail(error: unknown): void {
    if (this.closed) return;
    this.port.send(JSON.stringify(["failed", String(error)]));
    this.close();
  }

  private save(): void {
    this.ended = true;
    this.turn.end();
    if (this.chunks.length) this.pack();
    inOrder(this.parts.ready, async () => {
      if (this.closed) return;
      // An earlier download may have taken its room.
      const file = await this.parts.whole(this.type).catch(() => null);
      if (!file || this.closed) return;
      saveFile(
        file,
        this.name,
        this.port.clock,
        () => this.closed,
        (error) => {
          if (error === undefined) this.port.send(JSON.stringify(["saved", file.size]));
          else this.fail(error);
        },
      );
    });
  }
}
