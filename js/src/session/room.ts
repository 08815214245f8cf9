import type { Clock } from "../page/clock";

/**
 * The browser keeps Blobs in a room of its own, which all its windows share: in Chromium 2 GB, of which the first seconds
 * after its start and private windows know 0.5, and more on the disk where the window is not private. What is in it:
 *
 * - files behind object URLs: each is kept for a while, since a page does not learn when the download manager begins to
 *   read. Chromium has the file from the click on: with the URL revoked in the same task, and the browser's process stopped
 *   meanwhile, 400 MB were saved whole. Other browsers look it up a moment later.
 * - Blobs that JavaScript has let go of, until they are collected as garbage. V8 counts them as a few bytes, so it sees no
 *   need to: without being pushed it freed nothing in 8 s.
 */

/** How long after its click a file's URL is given back where room is needed. In seconds. */
const BEGUN = 1;
/** How long is waited for room that others have to make: nobody keeps the URL of a file for longer than 40 s. In seconds. */
const PATIENCE = 45;
/** The first pause between two attempts, and the longest: each is twice as long as the one before. In seconds. */
const FIRST_PAUSE = 0.25;
const LONGEST_PAUSE = 2;
/** So many bytes, allocated and let go of, make V8 collect what is garbage. */
const PUSH = 64 * 1024 * 1024;

interface Room {
  /** The object URLs of files that were given to the browser, and the times of their clicks. */
  readonly kept: Map<string, number>;
  /** Settled when those that asked before have got room, or will not get any. */
  turn: Promise<unknown>;
}

/** All bridges of a document share it, whatever bundle they came from. */
const ROOM = Symbol.for("nbsession.room");
const shared = globalThis as { [ROOM]?: Room };

function theRoom(): Room {
  shared[ROOM] ??= { kept: new Map(), turn: Promise.resolve() };
  return shared[ROOM];
}

/** Keep a file's URL, unless its room is needed sooner. `seconds` are counted from now, when it was clicked. */
export function keep(url: string, seconds: number, clock: Clock): void {
  theRoom().kept.set(url, clock.now());
  clock.setTimer(() => release(url), seconds);
}

function release(url: string): void {
  if (theRoom().kept.delete(url)) URL.revokeObjectURL(url);
}

/** Who needs room for a file, and is told that there is none yet. */
export interface Applicant {
  readonly clock: Clock;
  /** It needs none any more. */
  readonly ended: () => boolean;
  readonly waits: (waiting: boolean) => void;
}

/** Make a Blob of which the browser has the bytes. Where it has no room it is made, then waited for. */
export async function roomFor(make: () => Blob, applicant: Applicant): Promise<Blob> {
  const blob = make();
  if (await takenOver(blob)) return blob;
  const room = theRoom();
  const waited = room.turn.then(() => waitFor(make, applicant));
  room.turn = waited.catch(() => {});
  return waited;
}

async function waitFor(make: () => Blob, { clock, ended, waits }: Applicant): Promise<Blob> {
  waits(true);
  try {
    let end = clock.now() + PATIENCE;
    let pause = FIRST_PAUSE;
    while (!ended()) {
      if (giveBack(clock.now())) end = clock.now() + PATIENCE;
      pushOut();
      const blob = make();
      if (await takenOver(blob)) return blob;
      if (clock.now() >= end) throw new Error("the browser has no memory left for the file");
      const seconds = pause;
      await new Promise<void>((resolve) => clock.setTimer(resolve, seconds));
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
    throw new Error("no longer wanted");
  } finally {
    waits(false);
  }
}

/** Give back the URLs of files that the browser has begun to read. Returns whether there were any, or are some left. */
function giveBack(now: number): boolean {
  const { kept } = theRoom();
  if (!kept.size) return false;
  for (const [url, clicked] of kept) if (now - clicked >= BEGUN) release(url);
  return true;
}

function pushOut(): void {
  // They are never written to, so they take no memory. Not all at once, nevertheless: there may be no such piece of addresses.
  for (let bytes = 0; bytes < PUSH; bytes += PUSH / 4) new Uint8Array(PUSH / 4);
}

/**
 * Resolves to whether the browser has taken over the bytes of a Blob. Otherwise that would only be seen after the click,
 * in the browser's list of downloads.
 */
function takenOver(blob: Blob): Promise<boolean> {
  if (!blob.size) return Promise.resolve(true);
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(true);
    reader.onerror = () => resolve(false);
    reader.readAsArrayBuffer(blob.slice(blob.size - 1));
  });
}
