import { darkMode, pageAddress, screenSize } from "./info";

/** The fields of a page's description that change while it is open. */
export interface Changing {
  url: string;
  screen: { width: number; height: number; pixel_ratio: number };
  dark_mode: boolean;
  /** The notebook's path, if the page knows it. */
  notebook?: string | undefined;
}

export function changing(notebook?: string): Changing {
  return { url: pageAddress(), screen: screenSize(), dark_mode: darkMode(), notebook };
}

/** A widget manager's signal for a new path of its notebook. */
export interface PathSignal {
  connect(listener: () => void): void;
  disconnect(listener: () => void): void;
}

/**
 * Call `tell` with those fields that have changed, as soon as they change. Where the browser sends no event (a new
 * address in Firefox before 147), the next focus, click or key is the latest moment.
 */
export function follow(
  now: () => Changing,
  tell: (changed: Partial<Changing>) => void,
  ended: AbortSignal,
  renamed?: PathSignal,
): void {
  const told: Record<string, string | undefined> = {};
  const look = (): Partial<Changing> => {
    const changed: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(now())) {
      const text = JSON.stringify(value);
      if (text === told[name]) continue;
      told[name] = text;
      changed[name] = value;
    }
    return changed;
  };
  look(); // the hello has these
  const check = () => {
    const changed = look();
    if (Object.keys(changed).length) tell(changed);
  };
  const options = { signal: ended };
  for (const name of ["hashchange", "popstate", "resize", "focus"]) addEventListener(name, check, options);
  for (const name of ["pointerdown", "keydown"])
    addEventListener(name, check, { ...options, capture: true, passive: true });
  // A Firefox before 147 has no Navigation API.
  const { navigation } = globalThis as { navigation?: EventTarget };
  navigation?.addEventListener("currententrychange", check, options);
  globalThis.matchMedia?.("(prefers-color-scheme: dark)").addEventListener("change", check, options);
  const theme = new MutationObserver(check);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  renamed?.connect(check);
  ended.addEventListener("abort", () => {
    theme.disconnect();
    renamed?.disconnect(check);
  });
}
