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
  /** What waits for room. */
  readonly waiting: Wanted[];
  /** Files of which the browser has parts. */
  readonly holders: Set<Holder>;
  /** Somebody serves those that wait. */
  served: boolean;
  /** How many files have begun, and how many came to their end. */
  begun: number;
  ended: number;
}

/** A Blob for which there is no room yet. */
interface Wanted {
  readonly make: () => Blob;
  readonly applicant: Applicant;
  readonly resolve: (blob: Blob) => void;
  readonly reject: (error: unknown) => void;
}

/** All bridges of a document share it, whatever bundle they came from. */
const ROOM = Symbol.for("nbsession.room");
const shared = globalThis as { [ROOM]?: Room };

function theRoom(): Room {
  shared[ROOM] ??= { kept: new Map(), waiting: [], holders: new Set(), served: false, begun: 0, ended: 0 };
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
  readonly turn: Turn;
  readonly clock: Clock;
  /** It needs none any more. */
  readonly ended: () => boolean;
  readonly waits: (waiting: boolean) => void;
}

/** A file of which the browser has parts. */
export interface Holder {
  readonly applicant: Applicant;
  /** Take a part back from the browser, if the page has a place for it. Resolves to whether it did. */
  takeBack(): Promise<boolean>;
}

/**
 * When it is a file's turn to get room: files that came to their end are saved in that order, so they come first; then those
 * that began earlier.
 */
export class Turn {
  private readonly begun = ++theRoom().begun;
  private ended = Number.POSITIVE_INFINITY;

  end(): void {
    this.ended = ++theRoom().ended;
  }

  isBefore(other: Turn): boolean {
    return this.ended === other.ended ? this.begun < other.begun : this.ended < other.ended;
  }
}

export function hold(holder: Holder): void {
  theRoom().holders.add(holder);
}

export function letGo(holder: Holder): void {
  theRoom().holders.delete(holder);
}

/**
 * Make a Blob of which the browser has the bytes. Where it has no room it is made, then waited for. Files get it in turn, and
 * may have those whose turn comes later take back what they hold: else a few that each hold half of what there is would wait
 * for one another.
 */
export async function roomFor(make: () => Blob, applicant: Applicant): Promise<Blob> {
  const room = theRoom();
  if (!room.waiting.some((each) => !applicant.turn.isBefore(each.applicant.turn))) {
    const blob = make();
    if (await takenOver(blob)) return blob;
  }
  return new Promise((resolve, reject) => {
    room.waiting.push({ make, applicant, resolve, reject });
    applicant.waits(true);
    if (!room.served) void serve(room);
  });
}

/** Serve what waits, until nothing does. */
async function serve(room: Room): Promise<void> {
  room.served = true;
  let former: Wanted | null = null;
  let end = 0;
  let pause = FIRST_PAUSE;
  for (let wanted = first(room); wanted; wanted = first(room)) {
    const { make, applicant } = wanted;
    const { clock } = applicant;
    const again = wanted === former;
    if (!again) [former, end, pause] = [wanted, clock.now() + PATIENCE, FIRST_PAUSE];
    if (applicant.ended()) {
      settle(room, wanted, () => wanted.reject(new Error("no longer wanted")));
      continue;
    }
    const more = giveBack(clock.now()) || (again && (await takeBack(room, applicant)));
    if (more || othersHold(room, applicant)) end = clock.now() + PATIENCE;
    pushOut();
    const blob = make();
    if (await takenOver(blob)) {
      settle(room, wanted, () => wanted.resolve(blob));
    } else if (clock.now() >= end) {
      settle(room, wanted, () => wanted.reject(new Error("the browser has no memory left for the file")));
    } else {
      const seconds = pause;
      await new Promise<void>((resolve) => clock.setTimer(resolve, seconds));
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }
  room.served = false;
}

/** Of what waits, the first of the file whose turn it is. */
function first({ waiting }: Room): Wanted | undefined {
  return waiting.reduce<Wanted | undefined>(
    (former, each) => (former && !each.applicant.turn.isBefore(former.applicant.turn) ? former : each),
    undefined,
  );
}

function settle(room: Room, wanted: Wanted, how: () => void): void {
  const { applicant } = wanted;
  room.waiting.splice(room.waiting.indexOf(wanted), 1);
  applicant.waits(room.waiting.some((each) => each.applicant === applicant));
  how();
}

/** Have a file whose turn comes later take back a part, the last one first. Resolves to whether one did. */
async function takeBack({ holders }: Room, { turn }: Applicant): Promise<boolean> {
  const later = [...holders].filter((each) => turn.isBefore(each.applicant.turn));
  later.sort((one, other) => (one.applicant.turn.isBefore(other.applicant.turn) ? 1 : -1));
  for (const holder of later) if (await holder.takeBack()) return true;
  return false;
}

/** Say whether there are files whose turn came before, and whose room will be free when they are saved. */
function othersHold({ holders }: Room, { turn }: Applicant): boolean {
  return [...holders].some((each) => each.applicant.turn.isBefore(turn));
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
