import type { Clock } from "../page/clock";
import { keep } from "./room";

/** Minimum pause between two clicks on downloads: browsers drop clicks that are too close. In seconds. */
const BETWEEN_CLICKS = 0.2;
/** Maximum time for a browser to start reading a file that it was told to save, while there is room. In seconds. */
const KEEP_URL = 40;
/** The same for a file of more bytes than `LARGE`: kept files fill the browser's room for Blobs. */
const KEEP_LARGE_URL = 10;
const LARGE = 16 * 1024 * 1024;

/** The clicks that wait for their turn, whether one is scheduled, and the earliest time for it. */
interface Clicks {
  waiting: (() => void)[];
  next: number;
  due: boolean;
  /** Settled when earlier complete files wait for their click, or will not be saved. */
  ready: Promise<unknown>;
}

/** Shared by all bridges of a document, whatever bundle they came from. */
const CLICKS = Symbol.for("nbsession.clicks");
const shared = globalThis as { [CLICKS]?: Clicks };

function theClicks(): Clicks {
  shared[CLICKS] ??= { waiting: [], next: 0, due: false, ready: Promise.resolve() };
  return shared[CLICKS];
}

/**
 * Call `save` when a file's parts are there, or will not come, in the order of the calls, independent of what each
 * waits for.
 */
export function inOrder(parts: readonly Promise<unknown>[], save: () => Promise<void>): void {
  const clicks = theClicks();
  clicks.ready = Promise.allSettled([clicks.ready, ...parts]).then(save);
}

/**
 * Hand a file to the browser's download manager. `done` is called afterwards, or with the error. Nothing happens if it
 * has been `cancelled` by then.
 */
export function saveFile(
  file: Blob,
  name: string,
  clock: Clock,
  cancelled: () => boolean,
  done: (error?: unknown) => void,
): void {
  atNextClick(clock, () => {
    if (!cancelled()) attempt(() => save(file, name, clock), done);
  });
}

/**
 * Let the browser's download manager fetch a file. `clicked` is called when it was told to, or with the error. Nothing
 * happens if it has been `cancelled` by then.
 */
export function fetchFile(
  url: string,
  name: string,
  clock: Clock,
  cancelled: () => boolean,
  clicked: (error?: unknown) => void,
): void {
  atNextClick(clock, () => {
    if (cancelled()) return;
    attempt(() => {
      // For a file of another origin, the browser would navigate away from the page.
      if (new URL(url, document.baseURI).origin !== location.origin)
        throw new TypeError("a file of another server");
      click(url, name);
    }, clicked);
  });
}

function atNextClick(clock: Clock, save: () => void): void {
  const clicks = theClicks();
  clicks.waiting.push(save);
  if (!clicks.due) clickNext(clock, clicks);
}

/** Let the next one click as soon as possible: in a busy page, timers with different times fire together. */
function clickNext(clock: Clock, clicks: Clicks): void {
  const pause = clicks.next - clock.now();
  clicks.due = true;
  if (pause > 0) {
    clock.setTimer(() => clickNext(clock, clicks), pause);
    return;
  }
  try {
    clicks.waiting.shift()?.();
  } finally {
    clicks.next = clock.now() + BETWEEN_CLICKS;
    clicks.due = clicks.waiting.length > 0;
    if (clicks.due) clock.setTimer(() => clickNext(clock, clicks), BETWEEN_CLICKS);
  }
}

function attempt(save: () => void, done: (error?: unknown) => void): void {
  try {
    save();
  } catch (error) {
    done(error);
    return;
  }
  done();
}

function save(file: Blob, name: string, clock: Clock): void {
  const url = URL.createObjectURL(file);
  click(url, name);
  keep(url, file.size > LARGE ? KEEP_LARGE_URL : KEEP_URL, clock);
}

function click(url: string, name: string): void {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.style.display = "none";
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
}
