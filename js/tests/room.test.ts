// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Download } from "../src/session/download";
import { FakeClock, settled } from "./fake_python";

const MB = 1024 * 1024;
/** What the browser has room for, and what is in it besides the files of this page. */
let room: number;
let others: number;
let clock: FakeClock;
let urls: Map<string, number>;
let saved: string[];

/** A browser that finds a Blob unreadable for which it had no room when it was made. */
class FullBrowsersReader {
  onload = () => {};
  onerror = () => {};
  readAsArrayBuffer(): void {
    const kept = [...urls.values()].reduce((sum, size) => sum + size, 0);
    const fits = kept + others + FILE <= room;
    queueMicrotask(() => (fits ? this.onload() : this.onerror()));
  }
}
const FILE = 16 * MB;

beforeEach(() => {
  clock = new FakeClock();
  urls = new Map();
  saved = [];
  room = 2 * FILE;
  others = 0;
  let made = 0;
  URL.createObjectURL = (file) => {
    urls.set(`blob:${made}`, (file as Blob).size);
    return `blob:${made++}`;
  };
  URL.revokeObjectURL = (url) => urls.delete(url);
  vi.stubGlobal("FileReader", FullBrowsersReader);
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const name of ["nbsession.clicks", "nbsession.room"])
    delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for(name)];
});

function begin(name: string): { download: Download; told: unknown[][] } {
  const told: unknown[][] = [];
  const send = (text: string) => void told.push(JSON.parse(text));
  const download = new Download({ number: 2, clock, send }, name, "");
  download.receive(["chunk"], [new Uint8Array(FILE)]);
  download.receive(["end"], []);
  return { download, told };
}

async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 0.25) {
    await settled();
    clock.advance(0.25);
  }
  await settled();
}

test("files in a row are all saved, though not all have room at once", async () => {
  for (const name of ["a", "b", "c", "d", "e"]) {
    begin(name);
    await pass(1.5);
  }
  expect(saved).toEqual(["a", "b", "c", "d", "e"]);
});

test("a file's URL is given back no sooner than a second after its click", async () => {
  room = FILE;
  begin("a");
  await pass(0.25);
  begin("b");
  await pass(0.5);
  expect([...urls.keys()]).toEqual(["blob:0"]);
});

test("the URL of a file is kept while there is room", async () => {
  begin("a");
  await pass(9);
  expect([...urls.keys()]).toEqual(["blob:0"]);
});

test("a file waits for room that others have to make, says so, and is saved when they have", async () => {
  others = room;
  const { download, told } = begin("a");
  await pass(30);
  expect([download.waiting, told]).toEqual([true, []]);
  others = 0;
  await pass(2);
  expect([download.waiting, told]).toEqual([false, [["saved", FILE]]]);
});

test("watchers hear that a download waits, and that it does no longer", async () => {
  others = room;
  const { download } = begin("a");
  const seen: boolean[] = [];
  download.watchers.add(() => seen.push(download.waiting));
  await pass(1);
  others = 0;
  await pass(2);
  expect(seen).toEqual([true, false]);
});

test("a small file that the browser has no room for waits, too", async () => {
  others = room;
  const told: unknown[][] = [];
  const send = (text: string) => void told.push(JSON.parse(text));
  const download = new Download({ number: 2, clock, send }, "small", "");
  download.receive(["chunk"], [new Uint8Array(3)]);
  download.receive(["end"], []);
  await pass(1);
  expect(saved).toEqual([]);
  others = 0;
  await pass(2);
  expect(told).toEqual([["saved", 3]]);
});

test("where nothing is given back in 45 s the download fails, and nothing is saved", async () => {
  others = room;
  const { told } = begin("a");
  await pass(44);
  expect(told).toEqual([]);
  await pass(4);
  expect(told).toEqual([["failed", "Error: the browser has no memory left for the file"]]);
  expect(saved).toEqual([]);
});

test("a download that is closed while it waits is not saved", async () => {
  others = room;
  const { download, told } = begin("a");
  await pass(1);
  download.close();
  others = 0;
  await pass(2);
  expect([saved, told]).toEqual([[], []]);
});

test("a download that is closed makes way for the next one", async () => {
  others = room;
  const { download } = begin("a");
  begin("b");
  await pass(1);
  download.close();
  others = 0;
  await pass(2);
  expect(saved).toEqual(["b"]);
});

test("more than 512 MiB do not wait in the page", async () => {
  others = room;
  const told: unknown[][] = [];
  const send = (text: string) => void told.push(JSON.parse(text));
  const download = new Download({ number: 2, clock, send }, "huge", "");
  const chunk = new Uint8Array(FILE);
  for (let sent = 0; sent <= 512 * MB; sent += FILE) download.receive(["chunk"], [chunk]);
  await settled();
  expect(told).toEqual([["failed", "Error: the browser has no memory left for the file"]]);
});
