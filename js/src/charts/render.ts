import type { Chunks } from "../page/chunks";
import { whenConnected } from "../panel/connected";
import { noticeView } from "../panel/notice";
import { freeCharts, watchCharts } from "./care";
import { rewriteFrame } from "./frame";
import { withIds } from "./ids";
import { libraryAddress, loadLibrary, runScript } from "./libraries";
import { withRequire } from "./require";
import { withVegaPlaces } from "./vega";

/** The files that HTML needs, as Python has found them: see `nbsession/output/_chart_scripts.py`. */
interface Charts {
  /** The addresses that files of libraries replace. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The files that the HTML uses without an address. */
  readonly needs: readonly string[];
}

/** Code that loads scripts itself: with RequireJS, or by a script element. */
const LOADER = /\brequire(js)?\.config\(|\bcreateElement\(\s*["']script["']\s*\)/;
/** An exported document, which is made for a light page. */
const DOCUMENT = /^\s*<(!doctype html|html)\b/i;
const SCOPE = "data-nbsession-chart";

/**
 * Show HTML of a charting library. Own files replace the scripts and style sheets of known addresses; the other scripts
 * run as they are, in order. The promise settles when all have run. `ready` is called before it replaces what is shown,
 * and `signal` ends the output.
 */
export async function render(
  shown: HTMLElement,
  html: string,
  described: unknown,
  chunks: Chunks,
  signal: AbortSignal,
  ready: () => void,
): Promise<void> {
  const charts = checked(described);
  const template = document.createElement("template");
  // Its scripts do not run: those of a fragment that is parsed like this never do, nor do copies of them.
  template.innerHTML = html;
  const { content } = template;
  const scope = Math.random().toString(36).slice(2);
  const needed = replaceScripts(content, charts, scope);
  const failed = new Set<string>();
  for (const name of needed) await loadLibrary(name, chunks).catch(() => failed.add(name));
  const frames = content.querySelectorAll("iframe[srcdoc]");
  if (frames.length) {
    const addresses = await ownAddresses(charts, chunks);
    for (const frame of frames) rewriteFrame(frame, addresses);
  }
  await connected(shown, signal);
  if (signal.aborted) return;
  ready();
  shown.replaceChildren(document.importNode(content, true));
  shown.setAttribute(SCOPE, scope);
  const stop = watchCharts(shown, DOCUMENT.test(html));
  signal.addEventListener("abort", () => {
    stop();
    freeCharts(shown);
  });
  const load = async (addresses: readonly string[]) => {
    for (const address of addresses) await runScript(address).catch(() => failed.add(address));
    say(shown, failed);
  };
  for (const script of shown.querySelectorAll("script")) {
    if (signal.aborted) return;
    const missing = await run(script, shown, load);
    if (missing) failed.add(missing);
  }
  say(shown, failed);
}

function checked(described: unknown): Charts {
  const { addresses, needs } = Object(described) as Partial<Charts>;
  return { addresses: Object(addresses), needs: Array.isArray(needs) ? needs : [] };
}

/** Remove scripts and style sheets that own files replace. Returns the names of these files, in order. */
function replaceScripts(content: DocumentFragment, { addresses, needs }: Charts, scope: string): Set<string> {
  const needed = new Set(needs);
  const own = (address: string | null) =>
    address !== null && Object.hasOwn(addresses, address) ? addresses[address] : undefined;
  const elements = content.querySelectorAll<HTMLElement>("script, link[rel=stylesheet], style");
  for (const each of elements) {
    const name = own(each.getAttribute("src") ?? each.getAttribute("href"));
    if (name !== undefined) {
      needed.add(name);
      each.remove();
    } else if (each.localName === "style") {
      scopeStyles(each, scope);
    } else if (LOADER.test(each.textContent ?? "")) {
      each.textContent = replaceAddresses(each.textContent ?? "", addresses, (found) => needed.add(found));
    }
  }
  return needed;
}

/** Let rules apply to this output only: an exported document has some for all of its page. */
function scopeStyles(style: HTMLElement, scope: string): void {
  if (typeof CSSScopeRule === "undefined") return; // Firefox before 128, Safari before 17.4
  style.textContent = `@scope ([${SCOPE}="${scope}"]) {${style.textContent}}`;
}

/** Replace whole addresses in code by that of a script that does nothing. */
function replaceAddresses(
  code: string,
  addresses: Charts["addresses"],
  found: (name: string) => void,
): string {
  if (!code.includes("https://")) return code;
  return code.replace(/https:\/\/[\w.-]+\/[^\s"'`<>&\\]+/g, (address) => {
    const name = Object.hasOwn(addresses, address) ? addresses[address] : undefined;
    if (name === undefined) return address;
    found(name);
    return nothing();
  });
}

let empty: string | null = null;

/** The address of a script that does nothing. */
function nothing(): string {
  empty ??= URL.createObjectURL(new Blob([""], { type: "text/javascript" }));
  return empty;
}

/** The addresses of own files, by those that they replace. */
async function ownAddresses({ addresses }: Charts, chunks: Chunks): Promise<Map<string, string>> {
  const own = new Map<string, string>();
  for (const [address, name] of Object.entries(addresses)) {
    const file = await libraryAddress(name, chunks).catch(() => null);
    if (file !== null) own.set(address, file);
  }
  return own;
}

function connected(shown: HTMLElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = whenConnected(shown, resolve);
    signal.addEventListener("abort", () => {
      stop();
      resolve();
    });
  });
}

/** Run a script in its place. Returns the address of one that could not be loaded. */
async function run(
  script: HTMLScriptElement,
  shown: HTMLElement,
  load: (addresses: readonly string[]) => Promise<void>,
): Promise<string | null> {
  const fresh = document.createElement("script");
  for (const { name, value } of script.attributes) fresh.setAttribute(name, value);
  fresh.textContent = script.textContent;
  if (!fresh.hasAttribute("src")) {
    const insert = () => script.replaceWith(fresh);
    withRequire(
      load,
      (address) => address === empty,
      () => withIds(shown, () => withVegaPlaces(shown, insert)),
    );
    return null;
  }
  fresh.async = false;
  return new Promise((resolve) => {
    fresh.onload = () => resolve(null);
    fresh.onerror = () => resolve(fresh.src);
    script.replaceWith(fresh);
  });
}

/** Say what could not be loaded. On pages with a policy, `watchBlocked` says what that has blocked. */
function say(shown: HTMLElement, failed: ReadonlySet<string>): void {
  const served = document.body.dataset.nbsessionProtocol !== undefined;
  const named = [...failed].filter((each) => !served || !/^https?:/.test(each));
  const former = shown.querySelector(":scope > .nbsession-missing");
  former?.remove();
  if (!named.length) return;
  const text = `This output needs ${named.join(", ")}, which could not be loaded.`;
  const { element } = noticeView({ key: 0, kind: "notice", level: "warning", text });
  element.classList.add("nbsession-missing");
  shown.append(element);
}
