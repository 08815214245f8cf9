// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Download } from "../src/session/download";
import { FakeClock, settled } from "./fake_python";

const PART = 16 * 1024 * 1024;
/** What the browser has room for, and what of it is in use. */
let room: number;
let used: number;
let clock: FakeClock;
let saved: string[];
let urls: Map<string, number>;
const { slice, arrayBuffer } = Blob.prototype;

/** A browser that finds a Blob unreadable for which it had no room when it was made. */
class FullBrowsersReader {
  onload = () => {};
  onerror = () => {};
  readAsArrayBuffer(blob: Blob): void {
    const size = wholes.get(blob) ?? 0;
    const fits = used + size <= room;
    if (fits) used += size;
    queueMicrotask(() => (fits ? this.onload() : this.onerror()));
  }
}
const wholes = new Map<Blob, number>();

beforeEach(() => {
  clock = new FakeClock();
  saved = [];
  urls = new Map();
  used = 0;
  room = 4 * PART;
  let made = 0;
  Blob.prototype.slice = function (this: Blob, from?: number) {
    const end = slice.call(this, from);
    wholes.set(end, this.size);
    return end;
  };
  Blob.prototype.arrayBuffer = function (this: Blob) {
    used -= this.size;
    return Promise.resolve(new ArrayBuffer(this.size));
  };
  URL.createObjectURL = (file) => {
    urls.set(`blob:${made}`, (file as Blob).size);
    return `blob:${made++}`;
  };
  URL.revokeObjectURL = (url) => {
    used -= urls.get(url) ?? 0;
  };
  vi.stubGlobal("FileReader", FullBrowsersReader);
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
});

afterEach(() => {
  Object.assign(Blob.prototype, { slice, arrayBuffer });
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const name of ["nbsession.clicks", "nbsession.room"])
    delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for(name)];
});

class File {
  readonly told: unknown[][] = [];
  readonly download: Download;

  constructor(name: string) {
    const send = (text: string) => void this.told.push(JSON.parse(text));
    this.download = new Download({ number: 2, clock, send }, name, "");
  }

  async part(): Promise<void> {
    this.download.receive(["chunk"], [new Uint8Array(PART)]);
    await settled();
  }

  end(): void {
    this.download.receive(["end"], []);
  }
}

async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 0.25) {
    await settled();
    clock.advance(0.25);
  }
  await settled();
}

/** Give the files their parts in turn. */
async function begun(names: string[], parts: number): Promise<File[]> {
  const files = names.map((name) => new File(name));
  for (let part = 0; part < parts; part += 1) for (const file of files) await file.part();
  return files;
}

test("files whose halves fill the browser together are all saved, in the order of the calls", async () => {
  const files = await begun(["a", "b", "c"], 3);
  for (const file of files) file.end();
  await pass(30);
  expect(saved).toEqual(["a", "b", "c"]);
});

test("a file that is whole makes room for one that is to be saved before it", async () => {
  const [a, b] = (await begun(["a", "b"], 2)) as [File, File];
  await a.part();
  a.end();
  b.end();
  await pass(30);
  expect(saved).toEqual(["a", "b"]);
});

test("a file that is still under way makes room for one that has come to its end", async () => {
  const [a, b] = (await begun(["a", "b"], 2)) as [File, File];
  await b.part();
  b.end();
  await pass(30);
  expect(saved).toEqual(["b"]);
  a.end();
  await pass(30);
  expect(saved).toEqual(["b", "a"]);
});

test("a file waits as long as one that began before it is under way", async () => {
  const [a, b] = (await begun(["a", "b"], 2)) as [File, File];
  await b.part();
  await pass(60);
  expect([b.download.waiting, b.told]).toEqual([true, []]);
  a.end();
  b.end();
  await pass(30);
  expect(saved).toEqual(["a", "b"]);
});

test("a file that is given up makes way for those that began after it", async () => {
  const [a, b] = (await begun(["a", "b"], 2)) as [File, File];
  await a.part();
  a.download.close();
  used -= 2 * PART;
  await b.part();
  b.end();
  await pass(5);
  expect(saved).toEqual(["b"]);
});
