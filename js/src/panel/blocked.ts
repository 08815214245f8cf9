import { noticeView } from "./notice";

/** Maximum number of addresses in one notice. */
const NAMED = 3;
/** Content that no option allows, by the directive that forbids it. */
const NEVER: Record<string, string> = {
  "object-src": "nbsession's pages do not support plug-ins (object, embed): use an iframe or a link.",
  "base-uri": "nbsession's pages do not allow <base>.",
  "form-action": "nbsession's pages send forms to their own server only.",
};
const ATTRIBUTES = ["src", "href", "data", "poster"];
/** Directives for which browsers report only the origin. */
const BY_ORIGIN: Record<string, string> = {
  "frame-src": "iframe",
  "child-src": "iframe",
  "object-src": "object, embed",
};

/** The blocked content of one place. */
interface Blocked {
  readonly urls: Set<string>;
  readonly sources: Set<string>;
  readonly never: Set<string>;
  readonly notice: ReturnType<typeof noticeView>;
}

/** Shows, in place of an output, what the page's Content-Security-Policy kept out of it, and which option allows it. */
export function watchBlocked(main: HTMLElement): void {
  const places = new WeakMap<Element, Blocked>();
  const say = (event: SecurityPolicyViolationEvent, frame?: Element) => {
    const source = sourceOf(event);
    const never = NEVER[event.effectiveDirective];
    if (event.disposition !== "enforce" || (source === null && !never)) return;
    for (const [place, url] of placesOf(frame ?? event.target, event, main)) add(place, url, source, never);
  };
  const add = (place: Element, url: string, source: string | null, never: string | undefined) => {
    let blocked = places.get(place);
    if (!blocked?.notice.element.isConnected) {
      const notice = noticeView({ key: 0, kind: "notice", level: "warning" });
      notice.element.classList.add(BLOCKED);
      blocked = { urls: new Set(), sources: new Set(), never: new Set(), notice };
      places.set(place, blocked);
      place.append(notice.element);
    }
    blocked.urls.add(url);
    if (never) blocked.never.add(never);
    else if (source !== null) blocked.sources.add(source);
    blocked.notice.update({ key: 0, kind: "notice", level: "warning", text: words(blocked) });
    blocked.notice.element.classList.add(BLOCKED);
  };
  document.addEventListener("securitypolicyviolation", (event) => say(event));
  // A frame with its own document (srcdoc) has the page's policy, and gets the reports about its content itself.
  const listen = (frame: HTMLIFrameElement) => {
    try {
      frame.contentWindow?.addEventListener("securitypolicyviolation", (event) => say(event, frame));
    } catch {
      // of another origin
    }
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node instanceof HTMLIFrameElement) listen(node);
        else if (node instanceof Element) for (const frame of node.querySelectorAll("iframe")) listen(frame);
  }).observe(main, { childList: true, subtree: true });
}

/** The class of such notices. */
export const BLOCKED = "nbsession-blocked";

/** Remove a node's notices, because it shows something else now. */
export function clearBlocked(shown: Element): void {
  for (const each of shown.querySelectorAll(`:scope > .${BLOCKED}`)) each.remove();
}

function words({ urls, sources, never }: Blocked): string {
  const named = [...urls].slice(0, NAMED).join(", ");
  const more = urls.size > NAMED ? ` and ${urls.size - NAMED} more` : "";
  const list = [...sources].map((each) => JSON.stringify(each)).join(", ");
  const option = list ? [`To allow it, pass allowed_sources=[${list}] to start_server.`] : [];
  return [`This page's security policy blocked ${named}${more}.`, ...never, ...option].join(" ");
}

/** The source that `allowed_sources` would need; `null` if it is not a server's address. */
function sourceOf({ blockedURI, sourceFile }: SecurityPolicyViolationEvent): string | null {
  if (/^(chrome|moz|safari-web)-extension/.test(sourceFile || blockedURI)) return null;
  if (blockedURI === "data" || blockedURI === "blob") return `${blockedURI}:`;
  const match = /^(https?|wss?):\/\/[^/]+/.exec(blockedURI);
  return match?.[0] ?? null;
}

/**
 * The outputs whose content contains an address, and what it is there: browsers do not report which output was blocked,
 * and report an address that occurs in several outputs once.
 */
function placesOf(
  target: EventTarget | null,
  { blockedURI: url, effectiveDirective }: SecurityPolicyViolationEvent,
  main: HTMLElement,
): Iterable<readonly [Element, string]> {
  const within = target instanceof Element ? target.closest(".nbsession-node") : null;
  if (within) return [[within, url]];
  const found: [Element, string][] = [];
  const kinds = BY_ORIGIN[effectiveDirective];
  const elements = main.querySelectorAll(kinds ?? ATTRIBUTES.map((name) => `[${name}]`).join(","));
  for (const each of elements) {
    const named = addressesOf(each).find(
      ({ href, origin }) => href === url || (kinds && origin === originOf(url)),
    );
    const place = named && each.closest(`.nbsession-node:not(.${BLOCKED})`);
    if (place) found.push([place, named.href]);
  }
  if (found.length) return found;
  const nodes = [...main.querySelectorAll(`.nbsession-node:not(.${BLOCKED})`)].reverse();
  const innermost = (text: string) => nodes.find((node) => node.innerHTML.includes(text));
  const outputs = [...main.querySelectorAll(".nbsession-outputs")].pop();
  return [[innermost(url) ?? innermost(new URL(url, location.href).host) ?? outputs ?? main, url]];
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

/** The addresses in an element's attributes, without their fragments. */
function addressesOf(each: Element): URL[] {
  return ATTRIBUTES.flatMap((name) => {
    const value = each.getAttribute(name);
    if (!value || !URL.canParse(value, document.baseURI)) return [];
    const absolute = new URL(value, document.baseURI);
    absolute.hash = "";
    return [absolute];
  });
}
