import { chunkAddresses } from "../page/chunks";
import { Client } from "../page/client";
import { browserClock } from "../page/clock";
import { changing, follow } from "../page/follow";
import { clientHints } from "../page/hints";
import { http } from "../page/http";
import { identify } from "../page/identity";
import { offerJquery } from "../page/jquery";
import { tabLocks } from "../page/locks";
import { askWhy } from "../page/refusal";
import { pageNames } from "../page/registry";
import { takeSecret } from "../page/secret";
import { ServerTransport } from "../page/server";
import { Status } from "../page/status";
import { NO_STORE, sessionStore } from "../page/storage";
import { webSocket } from "../page/websocket";
import { watchBlocked } from "../panel/blocked";
import { mountSession } from "../panel/mount";
import { provideRoots } from "../panel/own_root";
import { toaster } from "../panel/toast";
import type { Session } from "../session/session";

/** Maximum time for the server to report why the page is refused. In milliseconds. */
const ANSWER_WITHIN = 5000;
const REFUSED = "this page and its server run different versions of nbsession: reload the page";

/** The page of a server: connects, and shows the session that it is given. */
async function start(main: HTMLElement): Promise<void> {
  const status = new Status();
  document.body.append(status.element);
  watchBlocked(main);
  status.connection("connecting");
  const at = (purpose: string) => {
    const url = new URL(location.href);
    url.hash = "";
    url.searchParams.set("nbsession", purpose);
    return url;
  };
  const store = sessionStore();
  const secret = takeSecret(location.pathname, store);
  const [identity, hints] = await Promise.all([
    identify(location.pathname, store, tabLocks(), pageNames()),
    clientHints(),
  ]);
  const { nbsessionProtocol, nbsessionHold, nbsessionNotes, nbsessionChunks } = document.body.dataset;
  const polls = http(at("exchange"), {
    context: () => client.contextId,
    hold: Number(nbsessionHold) || 0,
    leaving: () => leaving,
    interval: () => (Number(latest?.env.options.http_pull_interval) || 1000) / 1000,
  });
  const ways = nbsessionProtocol === "http" ? [polls] : [webSocket(at("socket")), polls];
  const transport = new ServerTransport(ways, browserClock, () => askWhy(at("exchange"), ANSWER_WITHIN));
  const chunks = chunkAddresses(nbsessionChunks);
  offerJquery(chunks["jquery.js"]);
  const shown = new Map<Session, () => void>();
  const toasted = new WeakSet<Session>();
  let latest: Session | null = null;
  let served = false;
  let leaving = false;
  const over = (reason: string) => {
    transport.close();
    // The page has only one session, a script's or a notebook's.
    status.over(reason, served ? () => location.reload() : null);
  };
  const client = new Client({
    transport,
    clock: browserClock,
    store: nbsessionNotes === "none" ? NO_STORE : store,
    notesEachFrame: nbsessionNotes === "each-frame",
    identity,
    secret,
    chunks,
    about: hints,
    refuse: () => over(REFUSED),
    ended: over,
  });
  provideRoots(client, null, null);
  follow(changing, (changed) => client.changed(changed), new AbortController().signal);
  transport.onOpened = () => client.resume();
  transport.onConnection = (connection, refusal) =>
    status.connection(connection, refusal, () => transport.dial());

  // Ended sessions remain readable until there is something new: a page that returns too late gets another session, and
  // a notebook's page gets those of its cells, one below the other.
  client.watch(() => {
    const open = [...client.channels.sessions()];
    if (open.length)
      for (const [session, unmount] of shown) {
        if (open.includes(session)) continue;
        shown.delete(session);
        unmount();
      }
    for (const session of open) {
      if (session.toasts) {
        if (!toasted.has(session)) session.outputs.watch(toaster);
        toasted.add(session);
        continue;
      }
      if (shown.has(session)) continue;
      latest = session;
      served = session.app !== null && !shown.size;
      shown.set(session, mountSession(client, session.number, main));
      session.env.watch(() => {
        const { title } = session.env.options;
        if (typeof title === "string") document.title = title;
      });
    }
  });
  addEventListener("nbsession:blocked", (event) => {
    const { name, url } = (event as CustomEvent<{ name: string; url: string }>).detail;
    status.blocked(name, url);
  });
  // In one listener: a window calls its listeners in order, including those that capture.
  addEventListener("pagehide", () => {
    leaving = true;
    client.leave();
  });
  addEventListener("pageshow", (event) => {
    leaving = false;
    if (event.persisted) client.renew();
  });
  for (const event of ["online", "visibilitychange"]) addEventListener(event, () => transport.dial());
  transport.dial();
}

const main = document.getElementById("nbsession");
if (main) start(main).catch((error) => console.error("nbsession: the page could not start:", error));
