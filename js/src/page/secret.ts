import type { Store } from "./storage";

/** The parameter of the address's fragment that has it. */
const NAME = "nbsession";

/**
 * The secret of a page that a program has opened for one window: in the fragment of the address, which no server is sent,
 * or where it was kept before a reload; `null` if there is none. Afterwards the address is without it.
 */
export function takeSecret(bridge: string, store: Store): string | null {
  const key = `nbsession:${bridge}:secret`;
  const given = new URLSearchParams(location.hash.slice(1)).get(NAME);
  if (given === null) return store.get(key);
  store.set(key, given);
  history.replaceState(history.state, "", location.pathname + location.search);
  return given;
}
