import { noticeView } from "./notice";

/** So many addresses are named in one place. */
const NAMED = 3;
/** What no option allows, by the directive that forbids it. */
const NEVER: Record<string, string> = {
  "object-src": "Pages of nbsession have no plug-ins (object, embed): use an iframe or a link.",
  "base-uri": "Pages of nbsession allow no <base>.",
  "form-action": "Pages of nbsession send forms to their own server only.",
};
const ATTRIBUTES = ["src", "href", "data", "poster"];

/** What was blocked in one place. */
interface Blocked {
  readonly urls: Set<string>;
  readonly sources: Set<string>;
  readonly never: Set<string>;
  readonly notice: ReturnType<typeof noticeView>;
}

/** Say in the place of an output what the page's Content-Security-Policy kept out of it, and which option lets it in. */
export function watchBlocked(main: HTMLElement): void {
  const places = new WeakMap<Element, Blocked>();
  const say = (event: SecurityPolicyViolationEvent, frame?: Element) => {
    const source = sourceOf(event);
    const never = NEVER[event.effectiveDirective];
    if (event.disposition !== "enforce" || (source === null && !never)) return;
    const place = placeOf(frame ?? event.target, event.blockedURI, main);
    let blocked = places.get(place);
    if (!blocked?.notice.element.isConnected) {
      const notice = noticeView({ key: 0, kind: "notice", level: "warning" });
      notice.element.classList.add(BLOCKED);
      blocked = { urls: new Set(), sources: new Set(), never: new Set(), notice };
      places.set(place, blocked);
      place.append(notice.element);
    }
    blocked.urls.add(event.blockedURI);
    if (never) blocked.never.add(never);
    else if (source !== null) blocked.sources.add(source);
    blocked.notice.update({ key: 0, kind: "notice", level: "warning", text: words(blocked) });
    blocked.notice.element.classList.add(BLOCKED);
  };
  document.addEventListener("securitypolicyviolation", (event) => say(event));
  // A frame with a document of its own (srcdoc) has the page's policy, and hears of what is blocked by itself.
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

/** Take what was said in a node away: it shows something else now. */
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

/** What `allowed_sources` would have to name; `null` for what is none of a server's business. */
function sourceOf({ blockedURI, sourceFile }: SecurityPolicyViolationEvent): string | null {
  if (/^(chrome|moz|safari-web)-extension/.test(sourceFile || blockedURI)) return null;
  if (blockedURI === "data" || blockedURI === "blob") return `${blockedURI}:`;
  const match = /^(https?|wss?):\/\/[^/]+/.exec(blockedURI);
  return match?.[0] ?? null;
}

/** The output in whose content an address stands: browsers do not say whose it was. */
function placeOf(target: EventTarget | null, url: string, main: HTMLElement): Element {
  const within = target instanceof Element ? target.closest(".nbsession-node") : null;
  if (within) return within;
  const nodes = [...main.querySelectorAll(".nbsession-node")].reverse();
  const innermost = (matches: (node: Element) => boolean) =>
    nodes.find((node) => matches(node) && !node.classList.contains(BLOCKED));
  const outputs = [...main.querySelectorAll(".nbsession-outputs")].pop();
  return (
    innermost((node) => [...node.querySelectorAll("*")].some((each) => names(each, url))) ??
    innermost((node) => node.innerHTML.includes(url)) ??
    innermost((node) => node.innerHTML.includes(new URL(url, location.href).host)) ??
    outputs ??
    main
  );
}

function names(each: Element, url: string): boolean {
  return ATTRIBUTES.some((name) => {
    const value = each.getAttribute(name);
    if (!value) return false;
    try {
      const absolute = new URL(value, document.baseURI);
      absolute.hash = "";
      return absolute.href === url;
    } catch {
      return false;
    }
  });
}
