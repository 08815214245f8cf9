interface Result {
  finalize(): void;
}
type Embed = (place: unknown, ...rest: unknown[]) => Promise<Result>;

const WRAPPED = Symbol.for("nbsession.vegaEmbed");

/** What the wrapper shares with all clients of the document. */
interface Shared {
  /** The output whose script is running. */
  current: Element | null;
  readonly results: Map<Element, Result>;
}

/**
 * Run code with a `vegaEmbed` that looks for its place in this output first: each document that altair exports has a
 * place with the same id.
 */
export function withVegaPlaces(shown: Element, run: () => void): void {
  const shared = wrap();
  if (!shared) return run();
  const former = shared.current;
  shared.current = shown;
  try {
    run();
  } finally {
    shared.current = former;
  }
}

/** Let the charts in an element free their listeners and timers. */
export function freeVega(shown: Element): void {
  const results = shared()?.results ?? [];
  for (const [place, result] of results) {
    if (!shown.contains(place)) continue;
    result.finalize();
    shared()?.results.delete(place);
  }
}

function shared(): Shared | undefined {
  const page = window as { vegaEmbed?: Embed & { [WRAPPED]?: Shared } };
  return page.vegaEmbed?.[WRAPPED];
}

function wrap(): Shared | undefined {
  const page = window as { vegaEmbed?: Embed };
  const original = page.vegaEmbed;
  if (typeof original !== "function") return undefined;
  const known = shared();
  if (known) return known;
  const made: Shared = { current: null, results: new Map() };
  const embed: Embed = async (place, ...rest) => {
    const found = typeof place === "string" ? made.current?.querySelector(place) : null;
    const result = await original(found ?? place, ...rest);
    const element = found ?? (place instanceof Element ? place : null);
    if (element) made.results.set(element, result);
    return result;
  };
  page.vegaEmbed = Object.assign(embed, original, { [WRAPPED]: made });
  return made;
}
