import type { Clock } from "../page/clock";

/**
 * The browser's room for Blobs, which all its windows share. In Chromium it is 2 GB, of which only 0.5 are available in
 * the first seconds after its start and in private windows, and more on disk if the window is not private. It contains:
 *
 * - files behind object URLs. Each is kept for a while, because a page is not notified when the download manager starts
 *   to read. Chromium has the file from the click on: with the URL revoked in the same task, and the browser's process
 *   stopped in the meantime, 400 MB were saved completely. Other browsers look it up a moment later.
 * - Blobs that JavaScript has released, until they are collected as garbage. V8 counts them as a few bytes, so it sees
 *   no need to collect them: by itself, it freed nothing in 8 s.
 */

/** Time after its click when a file's URL is revoked if room is needed. In seconds. */
const BEGUN = 1;
/** Maximum wait for room that others must free: no file's URL is kept for longer than 40 s. In seconds. */
const PATIENCE = 45;
/** The first pause between two attempts, and the longest: each is twice as long as the one before. In seconds. */
const FIRST_PAUSE = 0.25;
const LONGEST_PAUSE = 2;
/** Allocating and releasing this many bytes makes V8 collect garbage. */
const PUSH = 64 * 1024 * 1024;

interface Room {
  /** The object URLs of files that were given to the browser, and the times of their clicks. */
  readonly kept: Map<string, number>;
  /** The Blobs that wait for room. */
  readonly waiting: Wanted[];
  /** Files of which the browser has parts. */
  readonly holders: Set<Holder>;
  /** Whether the waiting Blobs are being served. */
  served: boolean;
  /** The number of files that have started, and of those that are complete. */
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

/** Shared by all bridges of a document, whatever bundle they came from. */
const ROOM = Symbol.for("nbsession.room");
const shared = globalThis as { [ROOM]?: Room };

function theRoom(): Room {
  shared[ROOM] ??= { kept: new Map(), waiting: [], holders: new Set(), served: false, begun: 0, ended: 0 };
  return shared[ROOM];
}

/** Keep a file's URL, unless its room is needed earlier. `seconds` are counted from now, the time of the click. */
export function keep(url: string, seconds: number, clock: Clock): void {
  theRoom().kept.set(url, clock.now());
  clock.setTimer(() => release(url), seconds);
}

function release(url: string): void {
  if (theRoom().kept.delete(url)) URL.revokeObjectURL(url);
}

/** A file that needs room, and is notified if there is none yet. */
export interface Applicant {
  readonly turn: Turn;
  readonly clock: Clock;
  /** Whether it needs no more room. */
  readonly ended: () => boolean;
  readonly waits: (waiting: boolean) => void;
}

/** A file of which the browser has parts. */
export interface Holder {
  readonly applicant: Applicant;
  /** Take a part back from the browser, if the page has room for it. Resolves to whether it did. */
  takeBack(): Promise<boolean>;
}

/**
 * The order in which files get room: complete files come first, in the order of their completion, in which they are
 * saved; then the others, in the order of their start.
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
 * Create a Blob whose bytes the browser has taken over. If there is no room, it waits. Files get room in order, and may
 * let later ones take back their parts: otherwise, a few files that each hold half of their parts would wait for one
 * another.
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

/** Serve the waiting Blobs until there are none. */
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

/** The first waiting Blob of the file whose turn it is. */
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

/** Let a later file take back a part, starting with the last file. Resolves to whether one did. */
async function takeBack({ holders }: Room, { turn }: Applicant): Promise<boolean> {
  const later = [...holders].filter((each) => turn.isBefore(each.applicant.turn));
  later.sort((one, other) => (one.applicant.turn.isBefore(other.applicant.turn) ? 1 : -1));
  for (const holder of later) if (await holder.takeBack()) return true;
  return false;
}

/** Whether there are earlier files whose room becomes free when they are saved. */
function othersHold({ holders }: Room, { turn }: Applicant): boolean {
  return [...holders].some((each) => each.applicant.turn.isBefore(turn));
}

/** Revoke the URLs of files that the browser has started to read. Returns whether there were any, or some are left. */
function giveBack(now: number): boolean {
  const { kept } = theRoom();
  if (!kept.size) return false;
  for (const [url, clicked] of kept) if (now - clicked >= BEGUN) release(url);
  return true;
}

function pushOut(): void {
  // They are never written to, so they take no memory. Not all at once, however: the address space may not contain such
  // a large block.
  for (let bytes = 0; bytes < PUSH; bytes += PUSH / 4) new Uint8Array(PUSH / 4);
}

/**
 * Resolves to whether the browser has taken over the bytes of a Blob. Otherwise, this would be visible only after the
 * click, in the browser's list of downloads.
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
