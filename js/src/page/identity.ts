import type { Locks } from "./locks";
import type { Store } from "./storage";

/**
 * Number of attempts to lock a name that is held: its holder may be this page's former self, which is about to release
 * it. A count instead of a time: in a page that starts on a busy machine, an answer takes longer than a timer.
 */
const TRIES = { loaded: 7, reloaded: 100 };
/** Pause between two attempts. In milliseconds. */
const PAUSE = 50;

/** The identity of this page: `page` survives reloads. `known`: it is the page that storage remembers. */
export interface Identity {
  page: string;
  known: boolean;
  /** The page's storage for notes: none if another page of this tab uses it. */
  markerKey: string | null;
  release(): void;
}

/** Random and unguessable. `crypto.randomUUID` is missing on plain http. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Determine the identity of this page. A duplicated tab has a copy of the storage, a second panel shares it. The lock
 * on the stored name, or `taken` (the names used in this document), shows whether the name's owner still exists. If so,
 * this is another page, with a new name.
 */
export async function identify(
  bridge: string,
  store: Store,
  locks: Locks | undefined,
  taken: Set<string>,
  reloaded = wasReloaded(),
): Promise<Identity> {
  const release = (name: string, letGo: () => void) => () => {
    taken.delete(name);
    letGo();
  };
  const key = `nbsession:${bridge}:page`;
  const markerKey = `nbsession:${bridge}:begun`;
  const stored = store.get(key);
  const twin = stored !== null && taken.has(stored);
  if (stored && !twin) {
    taken.add(stored);
    const letGo = await hold(locks, stored, reloaded ? TRIES.reloaded : TRIES.loaded);
    if (letGo) return { page: stored, known: true, markerKey, release: release(stored, letGo) };
    taken.delete(stored);
  }
  const page = randomId();
  taken.add(page);
  // In a duplicated tab, the storage is this page's alone; with a twin in the same document, it is the twin's.
  if (!twin) store.set(key, page);
  const letGo = (await hold(locks, page, 1)) ?? (() => {});
  return { page, known: false, markerKey: twin ? null : markerKey, release: release(page, letGo) };
}

/** Whether this document replaced a former one of this tab. A duplicated tab navigates to its document anew. */
function wasReloaded(): boolean {
  const [navigation] = performance.getEntriesByType?.("navigation") ?? [];
  return (navigation as PerformanceNavigationTiming | undefined)?.type === "reload";
}

/** Take the lock of a page's name. Returns a function that releases it, or `null` if it is held elsewhere. */
async function hold(locks: Locks | undefined, page: string, tries: number): Promise<(() => void) | null> {
  if (!locks) return () => {};
  for (let left = tries; left > 0; left -= 1) {
    const letGo = await tryToHold(locks, page);
    if (letGo) return letGo;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return null;
}

function tryToHold(locks: Locks, page: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    const held = async (lock: unknown) => {
      if (lock) await new Promise<void>((release) => resolve(release));
      else resolve(null);
    };
    // Locks may not work here, for example in a document without an origin.
    locks.request(`nbsession:${page}`, { ifAvailable: true }, held).catch(() => resolve(() => {}));
  });
}
