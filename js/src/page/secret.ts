import type { Store } from "./storage";

/** The parameter in the address's fragment that contains the secret. */
const NAME = "nbsession";

/**
 * The secret of a page that a program has opened for one window. It comes from the fragment of the address, which
 * browsers do not send to servers, or from the storage after a reload; `null` if there is none. It is removed from the
 * address.
 */
export function takeSecret(bridge: string, store: Store): string | null {
  const key = `nbsession:${bridge}:secret`;
  const given = new URLSearchParams(location.hash.slice(1)).get(NAME);
  if (given === null) return store.get(key);
  store.set(key, given);
  history.replaceState(history.state, "", location.pathname + location.search);
  return given;
}
