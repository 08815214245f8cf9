/** Storage that outlives a reload: `sessionStorage`, or nothing if the browser blocks it. Never throws. */
export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

/** Stores nothing. */
export const NO_STORE: Store = { get: () => null, set: () => {} };

/** The browser's storage for this tab. Even accessing it may throw. */
export function sessionStore(): Store {
  let storage: Storage;
  try {
    storage = globalThis.sessionStorage;
    storage.getItem("nbsession:");
  } catch {
    return NO_STORE;
  }
  return {
    get(key) {
      try {
        return storage.getItem(key);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        storage.setItem(key, value);
      } catch {
        // Full, or blocked in the meantime: after a reload, it is unknown what had started, and Python reports that.
      }
    },
  };
}
