import type { Channels } from "../session/channels";
import type { Session } from "../session/session";
import { ROOT } from "../session/tree";
import { Display } from "./display";
import type { MimeRenderer } from "./renderer";
import { type Surroundings, surroundings } from "./surroundings";

/**
 * The root of a session's own view, which code knows as `element`. It contains the session's outputs from its first use
 * on, before a view shows it. One view at a time shows it; when that view goes, the next one does.
 */
export class OwnRoot {
  readonly display: Display;
  private readonly takers: ((root: OwnRoot) => void)[] = [];
  private disposed = false;

  constructor(
    session: Session,
    around: Surroundings,
    readonly part: number | null,
  ) {
    this.display = new Display(session, around, part);
    session.watchEnd(() => this.display.end());
    session.onDisposed = () => {
      this.disposed = true;
      this.clearIfUnused();
    };
  }

  get element(): HTMLElement {
    return this.display.outputs;
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
      this.display.remove();
      this.takers[0]?.(this);
      this.clearIfUnused();
    };
  }

  private clearIfUnused(): void {
    if (!this.disposed || this.takers.length) return;
    this.display.dispose();
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
    root = new OwnRoot(session, surroundings(session, channels, renderer), part);
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
