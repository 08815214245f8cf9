/**
 * The document's clients by their bridge's id, for the views. Bridge and views are separate bundles, and those of
 * another kernel may have another version. Therefore, bundles share only this map.
 */
export interface Registered {
  /** Show a session, or a part of it, in `element`. Returns a function that stops this. */
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

/** The names of the pages in this document: a second panel of a notebook must not use the name of the first. */
export function pageNames(): Set<string> {
  shared[PAGES] ??= new Set();
  return shared[PAGES];
}

/** Register the client for views. Returns a function that unregisters it. */
export function register(bridge: string, registered: Registered): () => void {
  clients().set(bridge, registered);
  document.dispatchEvent(new CustomEvent(CLIENT_EVENT));
  return () => {
    if (clients().get(bridge) === registered) clients().delete(bridge);
  };
}
