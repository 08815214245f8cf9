/** Why a server, or a proxy in front of it, refuses a page. */
export interface Refusal {
  /** The answer's status; 0 for a redirect. */
  status: number;
  /** The text for the reader: the server's message, and a remedy. */
  words: string;
  /** Whether the refusal usually passes by itself, for example while a server behind a proxy restarts. */
  passes: boolean;
  /** Whether the reader must log in. */
  login: boolean;
}

/** Longer texts are not messages for a reader. */
const LONGEST = 600;
/** Too slow, too frequent, or no server behind the proxy at the moment. */
const PASSING = new Set([408, 425, 429, 502, 503, 504]);
const UNAUTHORIZED = 401;

const ROUTE =
  "A proxy in front must pass on all requests to this page's address: WebSockets and POST requests.";
const HINTS: Readonly<Record<number, string>> = {
  401: "Log in, then try again.",
  404: ROUTE,
  405: ROUTE,
  413: "The limit of the proxy in front is too low (nginx: client_max_body_size 17m).",
};

/** The target of a redirect, usually a login page. */
export const ELSEWHERE: Refusal = {
  status: 0,
  words: "The server redirects this page, probably to a login. Reload the page to get there.",
  passes: false,
  login: true,
};

/** The refusal in an answer. */
export function refusal(status: number, type: string | null, body: string): Refusal {
  const said = spoken(type ?? "", body).slice(0, LONGEST);
  const named = !said || said.startsWith(String(status)) ? said || String(status) : `${status}: ${said}`;
  const sentence = /[.!?]$/.test(named) ? named : `${named}.`;
  const words = [`The server answered ${sentence}`, HINTS[status]].filter(Boolean).join(" ");
  return { status, words, passes: PASSING.has(status), login: status === UNAUTHORIZED };
}

/**
 * Send a request to find out why nothing else came through to `url`; `null` if it comes through, or there is no answer.
 */
export async function askWhy(url: URL, patience: number): Promise<Refusal | null> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
    if (answer.type === "opaqueredirect") return ELSEWHERE;
    if (answer.status < 300) return null;
    return refusal(answer.status, answer.headers.get("Content-Type"), await answer.text());
  } catch {
    return null;
  }
}

/** The message in an answer: the title of a page, the detail of JSON. */
function spoken(type: string, body: string): string {
  let words = body;
  if (type.includes("html")) {
    const { title, body: content } = new DOMParser().parseFromString(body, "text/html");
    words = title || content.textContent || "";
  } else if (type.includes("json")) {
    try {
      const { detail, message } = JSON.parse(body);
      words = String(detail ?? message ?? body);
    } catch {}
  }
  return words.replace(/\s+/g, " ").trim();
}
