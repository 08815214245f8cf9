/** The global variables of modules that exports of libraries ask for by these names. */
const MODULES: Readonly<Record<string, string>> = {
  plotly: "Plotly",
  echarts: "echarts",
  vega: "vega",
  "vega-lite": "vegaLite",
  "vega-embed": "vegaEmbed",
  jquery: "jQuery",
};

type Paths = Record<string, string | readonly string[]>;
type Callback = (...modules: unknown[]) => unknown;
type Require = (names: string | readonly string[], callback?: Callback) => unknown;
/** Loads scripts from addresses, in order. */
export type LoadScripts = (addresses: readonly string[]) => Promise<void>;

interface Page {
  require?: unknown;
  requirejs?: unknown;
}

/**
 * Run code that uses RequireJS, which its page may not have, to get libraries that are loaded already. `load` loads
 * those from elsewhere for which the code names addresses; `own` tells which it need not load. The page's own `require`
 * is there again afterwards.
 */
export function withRequire(load: LoadScripts, own: (address: string) => boolean, run: () => void): void {
  const page = window as Page;
  const former = { require: page.require, requirejs: page.requirejs };
  const substitute = substituteFor(load, own, former.require as Require | undefined);
  page.require = page.requirejs = substitute;
  try {
    run();
  } finally {
    for (const name of ["require", "requirejs"] as const) {
      if (page[name] !== substitute) continue;
      if (former[name] === undefined) delete page[name];
      else page[name] = former[name];
    }
  }
}

function substituteFor(load: LoadScripts, own: (address: string) => boolean, former: Require | undefined) {
  const paths: Paths = {};
  const require = (names: string | readonly string[], callback?: Callback) => {
    if (typeof names === "string") return moduleOf(names);
    const missing = names.filter(
      (name) => moduleOf(name) === undefined && !addressesOf(name, paths).some(own),
    );
    const addresses = missing.flatMap((name) => addressesOf(name, paths).slice(0, 1));
    const done = () => callback?.(...names.map(moduleOf));
    if (!missing.length) return done();
    if (addresses.length === missing.length) return load(addresses.map(withSuffix)).then(done);
    if (former) return former(names, callback);
    throw new Error(`this page has no module ${missing.join(", ")}`);
  };
  const config = (options: { paths?: Paths }) => Object.assign(paths, options?.paths);
  return Object.assign(require, { config, undef: () => {} });
}

function addressesOf(name: string, paths: Paths): readonly string[] {
  const path = Object.hasOwn(paths, name) ? paths[name] : undefined;
  return path === undefined ? [] : typeof path === "string" ? [path] : path;
}

function withSuffix(address: string): string {
  return address.endsWith(".js") ? address : `${address}.js`;
}

function moduleOf(name: string): unknown {
  const global = Object.hasOwn(MODULES, name) ? MODULES[name] : undefined;
  return global && (window as unknown as Record<string, unknown>)[global];
}
