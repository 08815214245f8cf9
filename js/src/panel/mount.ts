import type { Channels } from "../session/channels";
import { NO_SESSION } from "../session/reasons";
import type { Session } from "../session/session";
import { Display } from "./display";
import { element, text } from "./element";
import { Elsewhere } from "./elsewhere";
import { Header } from "./header";
import { Look } from "./look";
import { addOriginalClasses } from "./original";
import { ownRoot } from "./own_root";
import type { MimeRenderer } from "./renderer";
import { surroundings } from "./surroundings";

/** Maximum time for a session to be opened before its view reports that there is none. In milliseconds. */
const PATIENCE = 3000;

/** The source of sessions: a client, whose channels are replaced when Python no longer knows it. */
export interface SessionSource {
  readonly channels: Channels;
  watch(watcher: () => void): () => void;
}

/**
 * Show a session in an element, as soon as it is open: its outputs, all or those of a part (see `Panel`), and the
 * reason when it has been closed. Returns a function that stops this.
 */
export function mountSession(
  source: SessionSource,
  number: number,
  target: HTMLElement,
  renderer: MimeRenderer | null = null,
  part: number | null = null,
): () => void {
  const header = new Header(() => source.channels.restart(number));
  const closed = element("div", "nbsession-closed");
  closed.hidden = true;
  closed.setAttribute("role", "status");
  const elsewhere = new Elsewhere(() => source.channels.take(number));
  const root = element("div", "nbsession-panel", header.element, elsewhere.element, closed);
  addOriginalClasses(root, "pywebio");
  target.append(root);

  let session: Session | null = null;
  let display: Display | null = null;
  let stops: (() => void)[] = [];
  let release: (() => void) | null = null;

  const look = new Look(root);

  const say = (reason: string) => {
    closed.textContent = reason;
    closed.hidden = !reason;
  };
  const stop = () => {
    for (const each of stops) each();
    stops = [];
  };
  const use = (shown: Display, found: Session) => {
    // Another view may have taken it.
    if (display?.outputs.parentNode === root) display.remove();
    display = shown;
    shown.placeBefore(closed);
    shown.panel.onAdded(() => {
      if (found.env.options.auto_scroll_bottom === true) follow();
    });
  };
  /** Show the session in this view alone, as a second view or for a part. */
  const showCopy = (found: Session) => {
    const copy = new Display(found, surroundings(found, source.channels, renderer), part);
    use(copy, found);
    return () => copy.dispose();
  };
  /** Show the session's own root, as soon as no other view does. */
  const showOwn = (found: Session) => {
    const own = ownRoot(found, source.channels, renderer, part);
    if (own.part !== part) return showCopy(found);
    let dropCopy: (() => void) | null = null;
    let taken = false;
    const giveBack = own.request(() => {
      taken = true;
      use(own.display, found);
      dropCopy?.();
    });
    if (!taken) dropCopy = showCopy(found);
    return () => {
      if (taken) own.display.panel.onAdded(null);
      else dropCopy?.();
      giveBack();
    };
  };
  const show = (found: Session) => {
    release = part ? showCopy(found) : showOwn(found);
    const end = (reason: string) => {
      say(reason);
      display?.end();
      heed(found);
    };
    stops = [found.env.watch(() => heed(found)), found.watchEnd(end)];
  };
  const heed = ({ env, app, ended }: Session) => {
    if (!part) header.show(env.options.title, env.options.new_session === false ? null : app, ended);
    root.classList.toggle("nbsession-still", env.options.output_animation === false);
    root.style.maxWidth = text(env.options.output_max_width);
    look.show(env.options);
  };
  let following = 0;
  const follow = () => {
    // Once for all outputs that arrive together, when the browser knows their height.
    following ||= requestAnimationFrame(() => {
      following = 0;
      // Outputs that are still being rendered become higher.
      if (root.isConnected && display?.panel.complete() === false) follow();
      root.scrollIntoView({ block: "end" });
    });
  };
  const refresh = () => {
    const { channels } = source;
    const found = channels.session(number);
    if (found === session && found) return;
    const place = channels.elsewhere(number);
    elsewhere.show(place);
    if (!found) {
      const reason = channels.closedBecause(number);
      if (reason !== null) say(reason);
      else if (place !== null) say("");
      if (session) heed(session);
      stop();
      display?.end();
      session = null;
      return;
    }
    say("");
    stop();
    release?.();
    session = found;
    show(found);
  };
  const unwatch = source.watch(refresh);
  const patience = setTimeout(() => {
    if (!session && closed.hidden && elsewhere.element.hidden) say(NO_SESSION);
  }, PATIENCE);
  refresh();

  return () => {
    clearTimeout(patience);
    cancelAnimationFrame(following);
    unwatch();
    stop();
    release?.();
    root.remove();
  };
}
