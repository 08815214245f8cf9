import { type Applicant, type Holder, hold, letGo, roomFor } from "./room";

/** Maximum bytes of a file in the page's heap, without room in the browser. */
const MOST_WAITING = 512 * 1024 * 1024;

interface Part {
  readonly size: number;
  /** Resolves when the browser has taken it over. */
  blob: Promise<Blob>;
  /** The part that the browser has. */
  held: Blob | null;
}

/** The parts of a file, which the browser takes over one after the other. */
export class Parts implements Holder {
  private parts: Part[] = [];
  private waitingBytes = 0;

  constructor(
    readonly applicant: Applicant,
    private readonly failed: (error: unknown) => void,
  ) {}

  add(content: BlobPart[], size: number): void {
    const part: Part = { size, blob: Promise.resolve(new Blob()), held: null };
    this.parts.push(part);
    this.handOver(part, content);
  }

  /** Resolves when the browser has all of them, or will not get them. */
  get ready(): Promise<unknown>[] {
    return this.parts.map((part) => part.blob);
  }

  async whole(type: string): Promise<Blob> {
    const file = new Blob(await Promise.all(this.parts.map((part) => part.blob)), { type });
    this.clear();
    return file;
  }

  clear(): void {
    this.parts = [];
    letGo(this);
  }

  async takeBack(): Promise<boolean> {
    const part = this.parts.findLast((each) => each.held);
    if (!part?.held || this.waitingBytes + part.size > MOST_WAITING) return false;
    const content = await part.held.arrayBuffer();
    if (!this.parts.includes(part)) return false;
    this.handOver(part, [content]);
    return true;
  }

  private handOver(part: Part, content: BlobPart[]): void {
    part.held = null;
    this.waitingBytes += part.size;
    if (this.waitingBytes > MOST_WAITING)
      return this.failed(new Error("the browser has no memory left for the file"));
    part.blob = roomFor(() => new Blob(content), this.applicant);
    part.blob.then(
      (blob) => {
        this.waitingBytes -= part.size;
        part.held = blob;
        if (this.parts.includes(part)) hold(this);
      },
      (error) => this.failed(error),
    );
  }
}
