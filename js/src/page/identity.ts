import type { Locks } from "./locks";
import type { Store } from "./storage";

/** How long to wait for a reloaded page's former self to let go of its name. In milliseconds. */
const WAIT_FOR_LOCK = 300;

/** Who this page is: `page` survives reloads. `known`: it is the page that storage remembers. */
export interface Identity {
  page: string;
  known: boolean;
  /** Where the page keeps its notes: nowhere if another page of this tab keeps its own there. */
  noteKey: string | null;
  release(): void;
}

/** Random and unguessable. `crypto.randomUUID` is missing on plain http. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Find out who this page is. A duplicated tab has a copy of the storage, a second panel shares it: the lock on the
 * stored name, or `taken` (the names used in this document), tells whether its owner still lives. Then this is another
 * page, with a name of its own.
 */
export async function identify(
  bridge: string,
  store: Store,
  locks: Locks | undefined,
  taken: Set<string>,
): Promise<Identity> {
  const release = (name: string, letGo: () => void) => () => {
    taken.delete(name);
    letGo();
  };
  const key = `nbsession:${bridge}:page`;
  const noteKey = `nbsession:${bridge}:begun`;
  const stored = store.get(key);
  const twin = stored !== null && taken.has(stored);
  if (stored && !twin) {
    taken.add(stored);
    const letGo = await hold(locks, stored);
    if (letGo) return { page: stored, known: true, noteKey, release: release(stored, letGo) };
    taken.delete(stored);
  }
  const page = randomId();
  taken.add(page);
  // In a duplicated tab the storage is ours alone; beside a twin in this very document it is the twin's.
  if (!twin) store.set(key, page);
  const letGo = (await hold(locks, page)) ?? (() => {});
  return { page, known: false, noteKey: twin ? null : noteKey, release: release(page, letGo) };
}

/** Take the lock of a page's name; returns how to let go of it, or `null` if it is held elsewhere. */
async function hold(locks: Locks | undefined, page: string): Promise<(() => void) | null> {
  if (!locks) return () => {};
  return await new Promise((resolve) => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), WAIT_FOR_LOCK);
    const held = () => {
      clearTimeout(timer);
      return new Promise<void>((release) => resolve(release));
    };
    locks.request(`nbsession:${page}`, { signal: abort.signal }, held).catch((error: unknown) => {
      clearTimeout(timer);
      // Anything but a lock that is held: locks do not work here, as in a document without an origin.
      const elsewhere = error instanceof DOMException && error.name === "AbortError";
      resolve(elsewhere ? null : () => {});
    });
  });
}
