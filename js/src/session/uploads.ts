import type { Bytes } from "../link";

/** Bytes of one message. */
const PIECE = 256 * 1024;
/** Bytes of a file that may be sent without being granted, and the number by which a grant exceeds what is stored. */
const FIRST = 1024 * 1024;
const WINDOW = 2 * FIRST;

/** The last number of an upload. Numbers grow in a context, whatever the form and the session. */
let last = Math.floor(Math.random() * 2 ** 31);

type Send = (text: string, buffers?: readonly Bytes[]) => void;

/** A file on its way to Python. */
export class Upload {
  /** Set when it begins: files of a form are sent one after the other. */
  number: number | null = null;
  /** Whether Python has all of it. */
  stored = false;
  /** Bytes that Python has written. */
  written = 0;
  /** Resolves when Python has all of it; rejects if it failed or was taken back. */
  readonly done: Promise<void>;
  readonly name: string;
  readonly size: number;
  /** Called when `written` has changed. */
  onProgress: () => void = () => {};

  private sent = 0;
  private granted = FIRST;
  private over = false;
  private resolve: () => void = () => {};
  private reject: (error: Error) => void = () => {};
  /** Called when more has been granted, or nothing more will be. */
  private wake: () => void = () => {};

  constructor(
    readonly key: number,
    private readonly field: string,
    /** Released when it is over: the file may exist in memory only. */
    private file: File | null,
    private readonly send: Send,
  ) {
    this.name = file?.name ?? "";
    this.size = file?.size ?? 0;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.done.catch(() => {});
  }

  /** Send it. Resolves when it is over, however it ends. */
  async run(number: number): Promise<void> {
    if (this.over || !this.file) return;
    this.number = number;
    const { name, type, size, lastModified: modified } = this.file;
    this.tell("upload", this.field, number, { name, type, size, modified });
    try {
      await this.sendPieces(this.file);
    } catch (error) {
      if (this.over) return;
      this.tell("discard", number);
      this.fail(`The file could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (!this.over) this.tell("uploaded", number);
    await this.done.catch(() => {});
  }

  private async sendPieces(file: File): Promise<void> {
    while (!this.over && this.sent < this.size) {
      if (this.sent >= this.granted) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        continue;
      }
      const end = Math.min(this.sent + PIECE, this.granted, this.size);
      const content = await file.slice(this.sent, end).arrayBuffer();
      if (this.over) return;
      if (content.byteLength !== end - this.sent) throw new Error("it has changed");
      this.sent = end;
      this.send(JSON.stringify(["input", this.key, "piece", this.number]), [new Uint8Array(content)]);
    }
  }

  /** Python has written some of it, and takes more. */
  grant(total: number): void {
    if (this.over || !(total > 0)) return;
    this.granted = Math.max(this.granted, total);
    this.wake();
    const written = Math.min(this.size, Math.max(this.written, total - WINDOW));
    if (written === this.written) return;
    this.written = written;
    this.onProgress();
  }

  /** Python has all of it. */
  store(): void {
    if (this.over) return;
    this.stored = true;
    this.written = this.size;
    this.finish();
    this.resolve();
    this.onProgress();
  }

  /** It failed. The reader sees the reason. */
  fail(reason: string): void {
    if (this.over) return;
    this.finish();
    this.reject(new Error(reason));
  }

  /** Take it back, whether or not Python has it. */
  discard(): void {
    const known = this.number !== null && (!this.over || this.stored);
    if (known) this.tell("discard", this.number);
    this.stored = false;
    this.fail("taken back");
  }

  private finish(): void {
    this.over = true;
    this.file = null;
    this.wake();
  }

  private tell(event: string, ...rest: unknown[]): void {
    this.send(JSON.stringify(["input", this.key, event, ...rest]));
  }
}

/** The files that the reader uploads to the forms and pins of a session. */
export class Uploads {
  /** The end of what is being sent, by the key of its form or pin. */
  private readonly queues = new Map<number, Promise<void>>();
  /** What has not been taken back, by number. */
  private readonly known = new Map<number, Upload>();
  private readonly unfinished = new Set<Upload>();

  constructor(private readonly send: Send) {}

  /** Send a file to a field of a form or pin, after the earlier ones. */
  begin(key: number, field: string, file: File): Upload {
    const upload = new Upload(key, field, file, this.send);
    this.unfinished.add(upload);
    const queue = (this.queues.get(key) ?? Promise.resolve()).then(() => this.run(upload));
    this.queues.set(key, queue);
    const finished = () => {
      this.unfinished.delete(upload);
      if (upload.number !== null && !upload.stored) this.known.delete(upload.number);
    };
    upload.done.then(finished, finished);
    queue.then(() => {
      if (this.queues.get(key) === queue) this.queues.delete(key);
    });
    return upload;
  }

  private run(upload: Upload): Promise<void> {
    if (!this.unfinished.has(upload)) return Promise.resolve();
    last += 1;
    this.known.set(last, upload);
    return upload.run(last);
  }

  /** A file that this page has sent, for another view of its form or pin. */
  find(number: unknown): Upload | undefined {
    const upload = this.known.get(number as number);
    return upload?.stored ? upload : undefined;
  }

  /** Take back a file. */
  discard(upload: Upload): void {
    upload.discard();
    if (upload.number !== null) this.known.delete(upload.number);
  }

  /** Process a message of Python, if it is about a file. */
  receive(message: readonly unknown[]): boolean {
    const [what, number, value] = message;
    if (what !== "granted" && what !== "stopped" && what !== "stored") return false;
    const upload = this.known.get(number as number);
    if (what === "granted") upload?.grant(Number(value));
    else if (what === "stored") upload?.store();
    else upload?.fail(String(value ?? ""));
    return true;
  }

  /** A form or pin is gone from the page. */
  forget(key: number): void {
    for (const upload of [...this.unfinished, ...this.known.values()])
      if (upload.key === key) this.discard(upload);
  }

  /** The session has ended. */
  end(reason: string): void {
    for (const upload of this.unfinished) upload.fail(reason);
    this.known.clear();
  }
}
