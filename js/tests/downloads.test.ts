// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pair, settled } from "./fake_python";

let fetched: string[];
let saved: { name: string; file: Blob; at: number }[];
let now: () => number;
const NEXT_CLICK = Symbol.for("nbsession.clicks");

beforeEach(() => {
  saved = [];
  fetched = [];
  const files = new Map<string, Blob>();
  URL.createObjectURL = (file) => {
    files.set(`blob:${files.size}`, file as Blob);
    return `blob:${files.size - 1}`;
  };
  URL.revokeObjectURL = (url) => files.delete(url);
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    const file = files.get(this.getAttribute("href") ?? "");
    if (!file) fetched.push(this.href);
    if (file) saved.push({ name: this.download, file, at: now() });
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  delete (globalThis as { [NEXT_CLICK]?: number })[NEXT_CLICK];
});

async function open(...channels: number[]) {
  const page = pair();
  now = () => page.clock.time;
  await page.python.openSession();
  for (const channel of channels) {
    const about = { kind: "download", session: 1, name: `file${channel}.bin`, size: 6, type: "text/csv" };
    page.python.tell(0, ["open", channel, about]);
  }
  await settled();
  return page;
}

function chunk(page: Awaited<ReturnType<typeof open>>, channel: number, ...bytes: number[]): void {
  page.python.link.send(channel, '["chunk"]', [new Uint8Array(bytes)], page.clock.time);
}

// jsdom's Blob knows no arrayBuffer().
const contents = (blob: Blob) =>
  new Promise<number[]>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve([...new Uint8Array(reader.result as ArrayBuffer)]);
    reader.readAsArrayBuffer(blob);
  });

test("a download is saved whole, under its name and type, and Python is told", async () => {
  const page = await open(2);
  chunk(page, 2, 1, 2);
  chunk(page, 2, 3, 4, 5, 6);
  page.python.tell(2, ["end"]);
  await settled();
  expect(saved.map(({ name }) => name)).toEqual(["file2.bin"]);
  expect(saved[0]?.file.type).toBe("text/csv");
  expect(await contents(saved[0]?.file as Blob)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(page.python.on(2)).toEqual([["saved", 6]]);
});

test("an empty file is saved too", async () => {
  const page = await open(2);
  page.python.tell(2, ["end"]);
  await settled();
  expect(page.python.on(2)).toEqual([["saved", 0]]);
});

test("the clicks of one page are 200 ms apart, and each is answered after its click", async () => {
  const page = await open(2, 3, 4);
  for (const channel of [2, 3, 4]) page.python.tell(channel, ["end"]);
  await settled();
  page.python.flush();
  await settled();
  page.clock.advance(1);
  await settled();
  const times = saved.map(({ at }) => at);
  expect(times).toHaveLength(3);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(0.2 - 1e-9);
  expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(0.2 - 1e-9);
  expect(page.python.on(4)).toEqual([["saved", 0]]);
});

test("clicks are apart although a busy page rings its timers late, and together", async () => {
  const page = await open(2, 3, 4, 5);
  for (const channel of [2, 3, 4, 5]) page.python.tell(channel, ["end"]);
  await settled();
  page.python.flush();
  await settled();
  page.clock.time += 5;
  page.clock.advance(1);
  await settled();
  const times = saved.map(({ at }) => at);
  expect(saved.map(({ name }) => name)).toEqual(["file2.bin", "file3.bin", "file4.bin", "file5.bin"]);
  const apart = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(0.2 - 1e-9);
});

test("an aborted download saves nothing", async () => {
  const page = await open(2);
  chunk(page, 2, 1);
  page.python.tell(2, ["abort", "the iterator failed"], ["end"]);
  await settled();
  expect(saved).toEqual([]);
});

test("a closed download saves nothing", async () => {
  const page = await open(2);
  chunk(page, 2, 1);
  page.python.tell(0, ["close", 2, "over"]);
  await settled();
  expect(page.client.channels.download(2)).toBeNull();
});

test("a browser that refuses to save is reported", async () => {
  const page = await open(2);
  URL.createObjectURL = () => {
    throw new Error("no room");
  };
  page.python.tell(2, ["end"]);
  await settled();
  expect(page.python.on(2)).toEqual([["failed", "Error: no room"]]);
});

test("progress is told at most four times a second, however many chunks come", async () => {
  const page = await open(2);
  const seen: number[] = [];
  const download = page.client.channels.download(2);
  download?.watchers.add(() => seen.push(download.received));
  for (let each = 0; each < 30; each++) {
    chunk(page, 2, each);
    page.python.flush();
    page.clock.advance(0.01);
    await settled();
  }
  expect(download?.received).toBe(30);
  expect(seen.length).toBe(2);
});

async function offer(page: Awaited<ReturnType<typeof open>>, channel: number, url: string): Promise<void> {
  page.python.tell(0, ["open", channel, { kind: "download", session: 1, name: "a.bin", size: 6, url }]);
  await settled();
  page.python.flush();
  page.clock.advance(1);
  await settled();
}

test("a file that the server offers is fetched by the browser, and Python is told of the click", async () => {
  const page = await open();
  await offer(page, 2, "?nbsession=file&file=token");
  expect(fetched).toEqual([`${location.origin}/?nbsession=file&file=token`]);
  expect(page.python.on(2)).toEqual([["clicked"]]);
});

test("a file of another server is not fetched", async () => {
  const page = await open();
  await offer(page, 2, "https://elsewhere.invalid/");
  expect(fetched).toEqual([]);
  expect(page.python.on(2)).toEqual([["failed", "TypeError: a file of another server"]]);
});

test("the page hears how far a file is that the browser fetches", async () => {
  const page = await open();
  await offer(page, 2, "?a");
  page.python.tell(2, ["progress", 5]);
  await settled();
  expect(page.client.channels.download(2)?.received).toBe(5);
});

test("four files are fetched at once, the others when one of them is over", async () => {
  const page = await open();
  for (const channel of [2, 3, 4, 5, 6, 7]) await offer(page, channel, `?${channel}`);
  expect(fetched).toHaveLength(4);
  page.python.tell(0, ["close", 6, "cancelled before its turn"], ["close", 3, "saved"]);
  page.python.flush();
  await settled();
  page.clock.advance(1);
  await settled();
  expect(fetched.slice(4)).toEqual([`${location.origin}/?7`]);
});
