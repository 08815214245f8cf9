import type { Channels } from "../session/channels";
import { NO_SESSION } from "../session/reasons";
import type { Session } from "../session/session";
import { element } from "./element";
import { Panel } from "./panel";

/** How long a session may take to be opened before its view says that there is none. In milliseconds. */
const PATIENCE = 3000;

/** Where sessions come from: a client, whose channels are replaced when Python no longer knows it. */
export interface SessionSource {
  readonly channels: Channels;
  watch(watcher: () => void): () => void;
}

/**
 * Show a session in an element, from whenever it is open: its outputs, and when it has been closed why. Returns how
 * to stop.
 */
export function mountSession(source: SessionSource, number: number, target: HTMLElement): () => void {
  const outputs = element("div", "nbsession-outputs");
  const closed = element("div", "nbsession-closed");
  closed.hidden = true;
  closed.setAttribute("role", "status");
  const root = element("div", "nbsession-panel", outputs, closed);
  target.append(root);

  let session: Session | null = null;
  let panel: Panel | null = null;
  let stop = () => {};

  const say = (reason: string) => {
    closed.textContent = reason;
    closed.hidden = !reason;
  };
  const refresh = () => {
    const { channels } = source;
    const found = channels.session(number);
    if (found === session && found) return;
    if (!found) {
      const reason = channels.closedBecause(number);
      if (reason !== null) say(reason);
      stop();
      panel?.release();
      session = null;
      return;
    }
    say("");
    stop();
    panel?.clear();
    session = found;
    panel = new Panel(outputs, channels);
    stop = found.outputs.watch(panel);
  };
  const unwatch = source.watch(refresh);
  const patience = setTimeout(() => {
    if (!session && closed.hidden) say(NO_SESSION);
  }, PATIENCE);
  refresh();

  return () => {
    clearTimeout(patience);
    unwatch();
    stop();
    panel?.clear();
    root.remove();
  };
}
