import type { Channels } from "../session/channels";
import type { Session } from "../session/session";
import { ROOT } from "../session/tree";
import { element } from "./element";
import { Panel } from "./panel";
import type { MimeRenderer } from "./renderer";
import type { Surroundings } from "./surroundings";

/** The element for a session's outputs in a view. */
export function outputsElement(): HTMLElement {
  const outputs = element("div", "nbsession-outputs nbsession-flow");
  outputs.setAttribute("role", "log");
  outputs.setAttribute("aria-label", "Output");
  outputs.setAttribute("aria-relevant", "additions");
  return outputs;
}

/**
 * The root of a session's own view, which code knows as `element`. It contains the session's outputs from its first use
 * on, before a view shows it. One view at a time shows it; when that view goes, the next one does.
 */
export class OwnRoot {
  readonly element = outputsElement();
  readonly panel: Panel;
  private readonly takers: ((root: OwnRoot) => void)[] = [];
  private readonly unwatch: () => void;
  private disposed = false;

  constructor(
    session: Session,
    around: Surroundings,
    readonly part: number | null,
  ) {
    this.panel = new Panel(this.element, around, part);
    this.unwatch = session.outputs.watch(this.panel);
    session.watchEnd(() => this.panel.end());
    session.onDisposed = () => {
      this.disposed = true;
      this.clearIfUnused();
    };
  }

  /** Call `take` as soon as no other view shows it, possibly now. Returns a function that gives it back. */
  request(take: (root: OwnRoot) => void): () => void {
    this.takers.push(take);
    if (this.takers.length === 1) take(this);
    return () => {
      const index = this.takers.indexOf(take);
      if (index < 0) return;
      this.takers.splice(index, 1);
      if (index > 0) return;
      this.element.remove();
      this.takers[0]?.(this);
      this.clearIfUnused();
    };
  }

  private clearIfUnused(): void {
    if (!this.disposed || this.takers.length) return;
    this.unwatch();
    this.panel.clear();
  }
}

const roots = new WeakMap<Session, OwnRoot>();

/** The root of a session's own view. The first call creates it, for the outputs of `part` (see `Panel`). */
export function ownRoot(
  session: Session,
  channels: Channels,
  renderer: MimeRenderer | null,
  part: number | null,
): OwnRoot {
  let root = roots.get(session);
  if (!root) {
    root = new OwnRoot(session, { channels, renderer, call: session.call.bind(session) }, part);
    roots.set(session, root);
  }
  return root;
}

/** Let the code of all sessions of a client use their own roots. */
export function provideRoots(
  source: { readonly channels: Channels; watch(watcher: () => void): () => void },
  renderer: MimeRenderer | null,
  part: number | null = ROOT,
): void {
  const known = new WeakSet<Session>();
  source.watch(() => {
    const { channels } = source;
    for (const session of channels.sessions()) {
      if (known.has(session)) continue;
      known.add(session);
      session.makeRoot = () => ownRoot(session, channels, renderer, part).element;
    }
  });
}
