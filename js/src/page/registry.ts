/**
 * The document's clients by their bridge's id, where the views find them: bridge and views are separate bundles, and
 * those of another kernel may be of another version, so nothing but this map is shared between bundles.
 */
export interface Registered {
  /** Show a session in `element`, or a part of it. Returns how to stop. */
  mount(session: number, element: HTMLElement, part?: number): () => void;
}

export const CLIENT_EVENT = "nbsession:client";
const KEY = Symbol.for("nbsession");
const PAGES = Symbol.for("nbsession.pages");
const shared = globalThis as { [KEY]?: Map<string, Registered>; [PAGES]?: Set<string> };

export function clients(): Map<string, Registered> {
  shared[KEY] ??= new Map();
  return shared[KEY];
}

/** The names that pages in this document go by: a second panel of a notebook must not take the first one's. */
export function pageNames(): Set<string> {
  shared[PAGES] ??= new Set();
  return shared[PAGES];
}

/** Let views find the client. Returns how to take it back. */
export function register(bridge: string, registered: Registered): () => void {
  clients().set(bridge, registered);
  document.dispatchEvent(new CustomEvent(CLIENT_EVENT));
  return () => {
    if (clients().get(bridge) === registered) clients().delete(bridge);
  };
}
