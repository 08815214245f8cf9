import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { Bytes } from "../src/link";
import { type Upload, Uploads } from "../src/session/uploads";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Python's side: what it was sent, and what it says. */
class FakePython {
  readonly sent: { event: string; rest: unknown[]; bytes: Bytes | undefined }[] = [];
  readonly uploads = new Uploads((text, buffers = []) => this.take(text, buffers));
  pieces: number[] = [];

  private take(text: string, buffers: readonly Bytes[]): void {
    const [name, key, event, ...rest] = JSON.parse(text);
    expect([name, key]).toEqual(["input", 7]);
    const [bytes] = buffers;
    if (event === "piece") this.pieces.push(bytes?.length ?? NaN);
    this.sent.push({ event, rest, bytes });
  }

  get events(): string[] {
    return this.sent.map((each) => each.event);
  }

  begin(content: BlobPart[], name = "a.txt"): Upload {
    return this.uploads.begin(7, "field", new File(content, name, { type: "text/plain", lastModified: 5 }));
  }

  /** What has arrived of a file. */
  content(number: number | null): Buffer {
    const pieces = this.sent.filter(({ event, rest }) => event === "piece" && rest[0] === number);
    return Buffer.concat(pieces.map((each) => each.bytes ?? new Uint8Array()));
  }
}

let python: FakePython;

beforeEach(() => {
  python = new FakePython();
});

/** Wait until something has happened. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setTimeout(resolve));
}

const sentAll = () => until(() => python.events.includes("uploaded"));
const outcome = (upload: Upload) =>
  upload.done.then(
    () => "stored",
    (error: Error) => error.message,
  );

test("a file is announced, sent and ended", async () => {
  const upload = python.begin(["abc"]);
  await sentAll();
  const { number } = upload;
  expect(python.sent.map(({ event, rest }) => [event, ...rest])).toEqual([
    ["upload", "field", number, { name: "a.txt", type: "text/plain", size: 3, modified: 5 }],
    ["piece", number],
    ["uploaded", number],
  ]);
  expect(python.content(number).toString()).toBe("abc");
});

test("an upload is done when Python has stored it", async () => {
  const upload = python.begin(["abc"]);
  await sentAll();
  expect(upload.stored).toBe(false);
  python.uploads.receive(["stored", upload.number]);
  expect(await outcome(upload)).toBe("stored");
});

test("an empty file has no pieces", async () => {
  python.begin([]);
  await sentAll();
  expect(python.events).toEqual(["upload", "uploaded"]);
});

test("a file is sent in pieces of 256 KiB, up to 1 MiB without being granted", async () => {
  python.begin([new Uint8Array(3 * MIB)]);
  await until(() => python.pieces.length === 4);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(python.pieces).toEqual(Array(4).fill(256 * KIB));
});

test("what is granted is sent", async () => {
  const content = Buffer.from(Array.from({ length: 3 * MIB }, (_, index) => index % 251));
  const upload = python.begin([content]);
  await until(() => python.pieces.length === 4);
  python.uploads.receive(["granted", upload.number, 2 * MIB]);
  await until(() => python.pieces.length === 8);
  python.uploads.receive(["granted", upload.number, 5 * MIB]);
  await sentAll();
  expect(content.equals(python.content(upload.number))).toBe(true);
});

test("a grant that is older than another one takes nothing back", async () => {
  const upload = python.begin([new Uint8Array(2 * MIB)]);
  python.uploads.receive(["granted", upload.number, 4 * MIB]);
  await until(() => upload.number !== null);
  python.uploads.receive(["granted", upload.number, 4 * MIB]);
  python.uploads.receive(["granted", upload.number, 1]);
  await sentAll();
});

test("the progress is what Python has written", async () => {
  const upload = python.begin([new Uint8Array(4 * MIB)]);
  const seen: number[] = [];
  upload.onProgress = () => seen.push(upload.written);
  await until(() => python.pieces.length === 4);
  python.uploads.receive(["granted", upload.number, 2 * MIB]);
  python.uploads.receive(["granted", upload.number, 3 * MIB]);
  python.uploads.receive(["granted", upload.number, 6 * MIB]);
  python.uploads.receive(["stored", upload.number]);
  expect(seen).toEqual([MIB, 4 * MIB, 4 * MIB]);
});

test("a file is sent after the one before it is stored", async () => {
  const first = python.begin(["abc"]);
  const second = python.begin(["de"], "b.txt");
  await sentAll();
  expect(second.number).toBe(null);
  python.uploads.receive(["stored", first.number]);
  await until(() => second.number !== null);
  expect(second.number).toBeGreaterThan(Number(first.number));
});

test("a file is sent after the one before it has failed", async () => {
  const first = python.begin(["abc"]);
  const second = python.begin(["de"], "b.txt");
  await sentAll();
  python.uploads.receive(["stopped", first.number, "too large"]);
  await until(() => second.number !== null);
});

test("another form's file does not wait", async () => {
  const sent: string[] = [];
  const uploads = new Uploads((text) => sent.push(text));
  uploads.begin(1, "field", new File(["abc"], "a"));
  uploads.begin(2, "field", new File(["abc"], "b"));
  await until(() => sent.filter((each) => each.includes("uploaded")).length === 2);
});

test("the reason for which Python stops a file is told, and nothing more is sent", async () => {
  const upload = python.begin([new Uint8Array(3 * MIB)]);
  await until(() => python.pieces.length === 4);
  python.uploads.receive(["stopped", upload.number, "no room"]);
  expect(await outcome(upload)).toBe("no room");
  expect(python.events.slice(5)).toEqual([]);
});

test("a file that is taken back on its way is discarded, and nothing more is sent", async () => {
  const upload = python.begin([new Uint8Array(3 * MIB)]);
  await until(() => python.pieces.length === 4);
  python.uploads.discard(upload);
  python.uploads.receive(["granted", upload.number, 5 * MIB]);
  await outcome(upload);
  expect(python.sent.slice(5).map(({ event, rest }) => [event, ...rest])).toEqual([
    ["discard", upload.number],
  ]);
});

test("a file that is taken back before its turn is not announced", async () => {
  const first = python.begin(["abc"]);
  python.uploads.discard(python.begin(["de"], "b.txt"));
  const third = python.begin(["f"], "c.txt");
  await sentAll();
  python.uploads.receive(["stored", first.number]);
  await until(() => third.number !== null);
  expect(python.sent.filter((each) => each.event === "upload").length).toBe(2);
  expect(python.events).not.toContain("discard");
});

test("a file that is stored can be taken back once", async () => {
  const upload = python.begin(["abc"]);
  await sentAll();
  python.uploads.receive(["stored", upload.number]);
  python.uploads.discard(upload);
  python.uploads.discard(upload);
  expect(python.events.filter((each) => each === "discard").length).toBe(1);
});

test("a file that was stopped is not discarded", async () => {
  const upload = python.begin(["abc"]);
  await sentAll();
  python.uploads.receive(["stopped", upload.number, "no room"]);
  python.uploads.discard(upload);
  expect(python.events).not.toContain("discard");
});

test("a file that cannot be read is discarded, and the reason told", async () => {
  const file = new File(["abc"], "a.txt");
  file.slice = () => {
    throw new Error("no permission");
  };
  const upload = python.uploads.begin(7, "field", file);
  expect(await outcome(upload)).toBe("The file could not be read: no permission");
  expect(python.events).toEqual(["upload", "discard"]);
});

test("a file that has become shorter is discarded", async () => {
  const file = new File(["abc"], "a.txt");
  file.slice = () => new Blob(["a"]);
  const upload = python.uploads.begin(7, "field", file);
  expect(await outcome(upload)).toBe("The file could not be read: it has changed");
});

test("what is stored is found by its number, until it is taken back", async () => {
  const upload = python.begin(["abc"]);
  await sentAll();
  expect(python.uploads.find(upload.number)).toBe(undefined);
  python.uploads.receive(["stored", upload.number]);
  expect(python.uploads.find(upload.number)).toBe(upload);
  python.uploads.discard(upload);
  expect(python.uploads.find(upload.number)).toBe(undefined);
});

test("when the session ends, what is on its way fails", async () => {
  const upload = python.begin(["abc"]);
  await sentAll();
  python.uploads.end("the kernel is gone");
  expect(await outcome(upload)).toBe("the kernel is gone");
});

test("other messages are left to others, and nonsense about files does nothing", async () => {
  expect(python.uploads.receive(["run", 1])).toBe(false);
  for (const each of [["granted"], ["granted", 1, "x"], ["stopped", null], ["stored", {}]])
    expect(python.uploads.receive(each)).toBe(true);
});

test("whatever is granted when, a file arrives whole and no byte is sent before it is granted", async () => {
  const grants = fc.array(fc.integer({ min: 1, max: 5 * MIB }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 3 * MIB }), grants, async (size, totals) => {
      python = new FakePython();
      const upload = python.begin([new Uint8Array(size)]);
      await until(() => upload.number !== null);
      let most = MIB;
      for (const total of [...totals, 5 * MIB]) {
        await until(() => python.events.includes("uploaded") || sum(python.pieces) === most);
        expect(sum(python.pieces)).toBeLessThanOrEqual(most);
        most = Math.max(most, total);
        python.uploads.receive(["granted", upload.number, total]);
      }
      await sentAll();
      expect(sum(python.pieces)).toBe(size);
    }),
    { numRuns: 30 },
  );
});

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
