import { bytesOf, type Part, type Parts, VERSION } from "../link";
import type { Channels } from "../session/channels";
import type { Jquery } from "../session/jquery";
import { NO_SESSION } from "../session/reasons";
import { type ChunkAddresses, Chunks } from "./chunks";
import type { Clock } from "./clock";
import { Context } from "./context";
import type { DirectTransport } from "./direct";
import { Handshake } from "./handshake";
import { Heartbeat } from "./heartbeat";
import { type Identity, randomId } from "./identity";
import { pageInfo } from "./info";
import { Presence } from "./presence";
import { type Previous, ResumeMarker, readResumeMarker } from "./resume_marker";
import { NO_STORE, type Store } from "./storage";
import type { Transport } from "./transport";

/** The components of a client: the browser's own, or fakes in tests. */
export interface Surroundings {
  transport: Transport;
  /** The same, if it can use a direct socket. */
  direct?: DirectTransport | null;
  clock: Clock;
  store: Store;
  /** Whether to note in the store what runs before each frame, not only when the page is left; see `ResumeMarker`. */
  notesEachFrame?: boolean;
  identity: Identity;
  /** The proof that the program opened the page; see `takeSecret`. */
  secret?: string | null;
  /** Addresses of chunks; Python sends the others. */
  chunks?: ChunkAddresses;
  /** Gives code of sessions jQuery, of a page whose window has none. */
  jquery?(chunks: Chunks): Jquery;
  /** Additional information about the page for its hello. */
  about?: Readonly<Record<string, unknown>>;
  /** The additional information that can change. */
  current?(): Readonly<Record<string, unknown>>;
  /** Information that the page sends later, when it is known. */
  later?: Readonly<Record<string, Promise<unknown>>>;
  /** Show the reader that this page and Python have incompatible versions. */
  refuse(): void;
  /** Called when Python has ended this page's sessions for good, with the reason. */
  ended?(reason: string): void;
}

/** A page's side of the protocol: sends its hello, receives, and starts over when Python no longer knows the page. */
export class Client {
  private context: Context;
  private handshake: Handshake | null = null;
  private readonly watchers = new Set<() => void>();
  private readonly stopReceiving: () => void;
  private readonly heartbeat: Heartbeat;
  private refused = false;
  private closed = false;
  /** Whether its notebook is being closed. */
  private parting = false;
  /** What has changed since the hello. */
  private untold: object | null = null;
  /** This page's views of sessions. */
  readonly presence: Presence;
  private readonly chunks: Chunks;
  private readonly jquery: Jquery | null;

  constructor(private readonly surroundings: Surroundings) {
    const { identity, store, transport, clock } = surroundings;
    this.heartbeat = new Heartbeat(clock, () => this.post({ context: this.context.id, alive: true }));
    this.presence = new Presence({
      clock,
      say: (message) => this.context.send(0, JSON.stringify(message)),
      connected: () => transport.connected?.() ?? true,
    });
    const ask = (name: string) => this.context.send(0, JSON.stringify(["chunk", name]));
    this.chunks = new Chunks(ask, surroundings.chunks);
    this.jquery = surroundings.jquery?.(this.chunks) ?? null;
    const { markerKey } = identity;
    const previous = identity.known && markerKey ? readResumeMarker(store, markerKey) : null;
    this.context = this.newContext();
    if (surroundings.direct) surroundings.direct.onMoved = () => this.resume();
    this.stopReceiving = transport.onEnvelope((envelope, parts) => this.receive(envelope, parts));
    this.greet(previous);
  }

  get channels(): Channels {
    return this.context.channels;
  }

  /** The name of the page's context in the protocol. */
  get contextId(): string {
    return this.context.id;
  }

  /** Call `watcher` whenever channels have opened or closed. Returns a function that stops this. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** The time of Python's last frame, in the clock's seconds. */
  get lastFrame(): number {
    return this.context.lastFrame;
  }

  /** Send Python any small message, if it knows this page. */
  acknowledge(): void {
    if (this.handshake?.answered) this.context.acknowledge();
  }

  /** Report to Python, if it does not know, that the reader uses this page. */
  touched(): void {
    if (this.handshake?.answered) this.channels.touch();
  }

  /** Report to Python, as soon as it knows this page, that fields of the page's description have changed. */
  changed(fields: object): void {
    if (this.handshake?.answered) this.context.send(0, JSON.stringify(["changed", fields]));
    else this.untold = { ...this.untold, ...fields };
  }

  /** Called when the connection has been restored, or opened for the first time. */
  resume(): void {
    if (this.refused || this.closed) return;
    if (this.handshake?.answered) this.context.resume();
    else this.handshake?.again();
  }

  /**
   * Called when the page is being unloaded, or put away in a way that allows its return. With `putAway`, its document
   * stays, and the notebook may be opened in it again.
   */
  leave(putAway = false): void {
    // A notebook that is being closed counts as not connected, but can still send.
    this.parting = putAway;
    this.context.hurry();
    this.context.marker.finish();
    this.handshake?.stop();
    this.heartbeat.stop();
    const { context } = this;
    // Nothing runs after this, so Python knows what has run and what has not.
    context.stop();
    const goodbye = { context: context.id, goodbye: true, begun: context.marker.previous.begun };
    this.post(putAway ? { ...goodbye, put_away: true } : goodbye);
    this.parting = false;
  }

  /** Python no longer knows this context, or the page has returned: continue with a new one. */
  renew(): void {
    if (this.refused || this.closed) return;
    const { previous } = this.context.marker;
    this.handshake?.stop();
    this.context.end(NO_SESSION);
    this.surroundings.direct?.reset();
    this.context = this.newContext();
    this.greet(previous);
    this.presence.retell();
    this.chunks.askAgain();
  }

  /** End for good. Views of open sessions show the reason. */
  close(reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.stopReceiving();
    this.presence.end();
    this.heartbeat.stop();
    this.handshake?.stop();
    this.context.end(reason);
    this.surroundings.direct?.reset();
    this.surroundings.identity.release();
  }

  private newContext(): Context {
    const { clock, store, identity, notesEachFrame } = this.surroundings;
    const id = randomId();
    const { markerKey } = identity;
    const marker = new ResumeMarker(
      markerKey === null ? NO_STORE : store,
      markerKey ?? "",
      id,
      notesEachFrame,
    );
    const post = (envelope: object, parts: readonly Part[]) => this.post(envelope, parts);
    const context = new Context(id, marker, post, clock, this.chunks);
    context.channels.jquery = this.jquery;
    context.channels.onKey = (key) => this.surroundings.direct?.offer(id, key);
    context.channels.watch(() => {
      for (const watcher of this.watchers) watcher();
    });
    return context;
  }

  private greet(previous: Previous | null): void {
    const { clock, identity, secret, about, later } = this.surroundings;
    const { page } = identity;
    this.untold = null;
    const current = this.surroundings.current?.();
    const info = { ...pageInfo(), ...about, ...current, ...(later && { pending: Object.keys(later) }) };
    const focused = document.hasFocus?.() ?? false;
    const known = { version: VERSION, page, context: this.context.id, previous, focused, info };
    const hello = secret ? { ...known, secret } : known;
    this.handshake = new Handshake(() => this.post({ hello }), clock);
  }

  /**
   * Called when Python has received the hello: sends the information that was not known then, or that it is
   * unavailable.
   */
  private async tellLater(context: Context): Promise<void> {
    const { later } = this.surroundings;
    if (!later) return;
    const known = async ([name, promise]: [string, Promise<unknown>]) => [
      name,
      await promise.catch(() => null),
    ];
    const told = Object.fromEntries(await Promise.all(Object.entries(later).map(known)));
    context.send(0, JSON.stringify(["info", told]));
  }

  private receive(envelope: unknown, parts: Parts): void {
    // Every page of the kernel receives every message: most may be for others.
    if (typeof envelope !== "object" || envelope === null) return;
    const fields = envelope as Record<string, unknown>;
    if (fields.context !== this.context.id || fields.goodbye) return;
    if (!this.handshake?.answered) {
      this.handshake?.answer();
      if (this.untold) this.changed(this.untold);
      this.untold = null;
      this.heartbeat.start(undefined);
      this.tellLater(this.context);
    }
    if (fields.welcome) {
      const { heartbeat, largest } = Object(fields.welcome);
      this.heartbeat.start(heartbeat);
      if (typeof largest === "number") this.context.limit(largest);
    }
    if ("frame" in fields) this.context.receive(fields.frame, parts);
    else if (fields.expired) this.renew();
    else if ("ended" in fields) {
      this.close(String(fields.ended));
      this.surroundings.ended?.(String(fields.ended));
    } else if (fields.refused) {
      this.refused = true;
      this.surroundings.refuse();
    }
  }

  private post(envelope: object, parts: readonly Part[] = []): void {
    const { transport } = this.surroundings;
    if (!this.parting && transport.connected?.() === false) return;
    this.heartbeat.note();
    this.send(envelope, parts);
  }

  private send(envelope: object, parts: readonly Part[]): void {
    const { transport } = this.surroundings;
    try {
      if (transport.sendParts) transport.sendParts(envelope, parts);
      else transport.send(envelope, parts.map(bytesOf));
    } catch (error) {
      console.warn("nbsession: a message could not be sent to Python:", error);
    }
  }
}
