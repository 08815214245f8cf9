import type { Bytes } from "../link";
import { Allowance } from "./allowance";
import { join, pack, split } from "./envelope";
import { post, postLast, RefusedError } from "./post";
import { refusal } from "./refusal";
import type { Dial } from "./wire";
import { Withdrawn } from "./withdraw";

/** Maximum number of concurrent requests: one that the server holds, and one with messages. */
const AT_ONCE = 2;
/** Maximum time for an answer, in addition to the time for which the server holds it. In seconds. */
const ANSWER_WITHIN = 30;
/** Pause before a poll after the page has received something: requests with its results also bring news. In seconds. */
const BETWEEN = 0.02;
/** The server cannot keep sessions, or not this one. Its answer contains the reason. */
const CONFLICT = 409;
/** A proxy in front refuses such a large request. */
const TOO_LARGE = 413;

/** Information about the page that a wire over HTTP needs. */
export interface Polling {
  /** The name of the page's context. */
  context(): string;
  /** Seconds for which the server holds a poll; 0 if it does not. */
  hold: number;
  /** Seconds between two polls that are not held. */
  interval(): number;
  /** Whether the page is being unloaded. Requests must outlive it then. */
  leaving(): boolean;
}

/**
 * Connects to `url` by requests: each carries messages of the page, its answer carries messages for the page. Without
 * messages, the page polls: the server holds the answer until it has something. If it cannot hold answers, or if the
 * page is not visible, the page polls at intervals.
 *
 * Content that is too large for a proxy is sent in smaller requests, and a message that is too large for one request in
 * parts. Content that cannot pass at all is replaced by errors.
 */
export function http(url: URL, { context, hold, interval, leaving }: Polling): Dial {
  const allowance = new Allowance();
  const withdrawn = new Withdrawn();
  return ({ opened, message, ended }) => {
    const abort = new AbortController();
    const queue: Uint8Array<ArrayBuffer>[] = [];
    let underWay = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let scheduled = false;
    let cutting = false;

    const ask = async (body: Uint8Array<ArrayBuffer> | null, headers: Record<string, string>) => {
      const answer = await post(url, { body, headers, signal: abort.signal, patience: hold + ANSWER_WITHIN });
      if (answer.status === CONFLICT) {
        const ended = new TextDecoder().decode(answer.body).trim();
        return { heard: [pack({ context: context(), ended }, [])], holds: false };
      }
      if (answer.status >= 300) {
        const said = new TextDecoder().decode(answer.body);
        throw new RefusedError(refusal(answer.status, answer.header("Content-Type"), said));
      }
      return { heard: split(answer.body), holds: answer.header("Nbsession-Hold") !== "0" };
    };
    const fail = (error: unknown) => {
      if (abort.signal.aborted) return;
      console.warn("nbsession: a request failed:", String(error));
      close();
      ended(error instanceof RefusedError ? error.refusal : undefined);
    };
    /** Send a body, in parts if it is too large. The last part's answer counts. */
    const tell = async (body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) => {
      const { most } = allowance;
      const count = Math.ceil(body.byteLength / most);
      if (count < 2) return ask(body, headers);
      cutting = true;
      try {
        for (let part = 0; ; part += 1) {
          const bytes = body.slice(part * most, (part + 1) * most);
          const answer = await ask(bytes, { ...headers, "Nbsession-Part": `${part}/${count}` });
          if (part === count - 1) return answer;
          for (const each of answer.heard) take(each);
        }
      } finally {
        cutting = false;
      }
    };
    /** The content that replaces content that was refused. Throws the error if size is not the reason. */
    const otherwise = async (said: Uint8Array<ArrayBuffer>[], size: number, error: unknown) => {
      if (!(error instanceof RefusedError)) {
        allowance.failed(size);
        throw error;
      }
      const { status, passes, login, words } = error.refusal;
      if (passes || login) throw error;
      const smaller = status === TOO_LARGE && allowance.tooLarge(Math.min(size, allowance.most));
      if (smaller || allowance.singly(said.length)) return said;
      // An empty request passes, so the content is the reason.
      await ask(null, {});
      const instead = said.map((each) => withdrawn.instead(each, words));
      if (instead.includes(null)) throw error;
      return instead as Uint8Array<ArrayBuffer>[];
    };
    const exchange = async () => {
      clearTimeout(timer);
      const said = allowance.take(queue).map((each) => withdrawn.rid(each));
      const body = said.length ? join(said) : null;
      underWay += 1;
      const held = body || document.hidden ? 0 : hold;
      const headers = { "Nbsession-Context": context(), "Nbsession-Hold": String(held) };
      try {
        const { heard, holds } = await (body ? tell(body, headers) : ask(null, headers));
        if (body) allowance.passed();
        underWay -= 1;
        for (const each of heard) take(each);
        next(heard.length ? BETWEEN : (held > 0 && holds) || body ? 0 : interval());
      } catch (error) {
        if (!body) return fail(error);
        try {
          queue.unshift(...(await otherwise(said, body.byteLength, error)));
          underWay -= 1;
          next(0);
        } catch (reason) {
          fail(reason);
        }
      }
    };
    const take = (bytes: Bytes) => {
      if (!abort.signal.aborted) message(bytes);
    };
    /** Poll again after a short pause if polls are held and the page is visible, otherwise after the interval. */
    const next = (soon: number) => {
      if (abort.signal.aborted) return;
      if (queue.length) {
        if (underWay < AT_ONCE && !cutting) void exchange();
      } else if (!underWay) {
        const pause = hold > 0 && !document.hidden ? soon : interval();
        clearTimeout(timer);
        if (pause) timer = setTimeout(() => void exchange(), pause * 1000);
        else void exchange();
      }
    };
    const close = () => {
      abort.abort();
      clearTimeout(timer);
    };
    // Probes whether the server exists and accepts this page.
    ask(null, {}).then(() => {
      if (abort.signal.aborted) return;
      opened();
      next(0);
    }, fail);

    return {
      send: (bytes) => {
        if (leaving()) {
          // A page that is being left must still send its goodbye.
          postLast(url, join([...queue.splice(0), bytes]), {
            "Nbsession-Context": context(),
            "Nbsession-Last": "1",
          });
          return;
        }
        queue.push(bytes);
        if (scheduled) return;
        scheduled = true;
        // Messages of one task are sent together.
        queueMicrotask(() => {
          scheduled = false;
          if (queue.length && underWay < AT_ONCE && !cutting && !abort.signal.aborted) void exchange();
        });
      },
      close,
    };
  };
}
