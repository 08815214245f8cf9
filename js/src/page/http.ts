import type { Bytes } from "../link";
import { Allowance } from "./allowance";
import { join, pack, split } from "./envelope";
import { post, postLast, RefusedError } from "./post";
import { refusal } from "./refusal";
import type { Dial } from "./wire";
import { Withdrawn } from "./withdraw";

/** Requests under way at once: one that the server holds, and one that has something to say. */
const AT_ONCE = 2;
/** How long an answer may take beyond what the server holds it for. In seconds. */
const ANSWER_WITHIN = 30;
/** How long a page that has just heard something waits before it polls: what it has to say to it brings news, too. */
const BETWEEN = 0.02;
/** The server cannot keep sessions, or not this one; its answer says why. */
const CONFLICT = 409;
/** A proxy in front does not let so large a request through. */
const TOO_LARGE = 413;

/** What a wire by HTTP needs to know of the page. */
export interface Polling {
  /** The name of the page's context. */
  context(): string;
  /** Seconds for which the server holds a poll; 0 if it does not. */
  hold: number;
  /** Seconds between two polls that are not held. */
  interval(): number;
  /** Whether the page is being unloaded. What is sent then must outlive it. */
  leaving(): boolean;
}

/**
 * Speaks to `url` by requests: each brings what there is to say, its answer what there is to hear. With nothing to say the
 * page polls: the server holds the answer until it has something, or, where it cannot, or nobody looks at the page, the
 * page asks again after a while.
 *
 * What is too large for a proxy in between goes in smaller requests, and a message that is too large for one in parts. What
 * does not pass even so is replaced by errors.
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
    /** Send a body, in parts where it is too large; the last one's answer counts. */
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
    /** What to say in place of what was not let through; throws the error where that is not the reason. */
    const otherwise = async (said: Uint8Array<ArrayBuffer>[], size: number, error: unknown) => {
      if (!(error instanceof RefusedError)) {
        allowance.failed(size);
        throw error;
      }
      const { status, passes, login, words } = error.refusal;
      if (passes || login) throw error;
      const smaller = status === TOO_LARGE && allowance.tooLarge(Math.min(size, allowance.most));
      if (smaller || allowance.singly(said.length)) return said;
      // An empty request passes, so the content is what is refused.
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
    /** Ask again after a pause, where polls are held and somebody looks; else after a while. */
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
    // Whether there is anybody, and this page may talk to them.
    ask(null, {}).then(() => {
      if (abort.signal.aborted) return;
      opened();
      next(0);
    }, fail);

    return {
      send: (bytes) => {
        if (leaving()) {
          // A page that is being left still has its goodbye to say.
          postLast(url, join([...queue.splice(0), bytes]), {
            "Nbsession-Context": context(),
            "Nbsession-Last": "1",
          });
          return;
        }
        queue.push(bytes);
        if (scheduled) return;
        scheduled = true;
        // What is said in one go leaves in one go.
        queueMicrotask(() => {
          scheduled = false;
          if (queue.length && underWay < AT_ONCE && !cutting && !abort.signal.aborted) void exchange();
        });
      },
      close,
    };
  };
}
