import { Compiler } from "../commands/compile";
import type { Bytes, Message } from "../link";
import type { Clock } from "../page/clock";
import type { Channel, Port } from "./channel";
import { Download } from "./download";
import { Fetches } from "./fetches";
import { Session } from "./session";

/** Of so many channels that were closed something is remembered: more than a notebook shows at a time. */
const MOST_REMEMBERED = 1000;

type SendOn = (channel: number, text: string, buffers: readonly Bytes[]) => void;

/** What is open on a page's link, and channel 0, which opens and closes. */
export class Channels {
  private readonly open = new Map<number, Channel>();
  /** Why channels were closed, for views that come late. */
  private readonly reasons = new Map<number, string>();
  private readonly refused = new Set<number>();
  /** Where sessions are that act on another page. */
  private readonly places = new Map<number, string>();
  /** What may still say something: what is open, and sessions that act on another page now. */
  private readonly alive = new WeakSet<Channel>();
  /** Sessions that act on another page now, and owe the values of promises here. */
  private readonly departed = new Map<number, Session>();
  private readonly compiler = new Compiler();
  private readonly fetches = new Fetches();
  private readonly watchers = new Set<() => void>();
  /** Python knows that the reader has turned to this page, and to no other since. */
  private touched = false;

  constructor(
    private readonly sendOn: SendOn,
    private readonly clock: Clock,
  ) {}

  /** Deliver a message to its channel. Throws what is wrong with it. */
  deliver({ channel, body, buffers }: Message): void {
    if (!Array.isArray(body)) throw new TypeError("a message must be a list");
    const target = this.open.get(channel);
    if (target) target.receive(body, buffers);
    else if (channel === 0) this.control(body);
    else this.refuse(channel);
  }

  session(number: number): Session | null {
    const channel = this.open.get(number);
    return channel instanceof Session ? channel : null;
  }

  *sessions(): Iterable<Session> {
    for (const channel of this.open.values()) if (channel instanceof Session) yield channel;
  }

  download(number: unknown): Download | null {
    const channel = this.open.get(number as number);
    return channel instanceof Download ? channel : null;
  }

  /** Why a channel was closed; `null` if it was not, or was never open. */
  closedBecause(number: number): string | null {
    return this.reasons.get(number) ?? null;
  }

  /** Where a session is that acts on another page; `null` if it does not, as far as is known. */
  elsewhere(number: number): string | null {
    return this.places.get(number) ?? null;
  }

  /** Ask for a session that acts on another page. */
  take(number: number): void {
    this.sendOn(0, JSON.stringify(["take", number]), []);
  }

  /** The reader has turned to this page: said once until the reader turns to another. */
  touch(): void {
    if (this.touched) return;
    this.touched = true;
    this.sendOn(0, '["touched"]', []);
  }

  /** Call `watcher` whenever channels open or close. Returns how to stop. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Ask for a new session of the app whose session is, or was, on this channel. */
  restart(number: number): void {
    this.sendOn(0, JSON.stringify(["restart", number]), []);
  }

  closeAll(reason: string): void {
    const numbers = new Set([...this.open.keys(), ...this.departed.keys(), ...this.places.keys()]);
    for (const number of numbers) this.close(number, reason);
  }

  private control(message: readonly unknown[]): void {
    const [name, number, about] = message;
    if (name === "untouched") this.touched = false;
    if (name !== "open" && name !== "close" && name !== "elsewhere") return;
    if (!Number.isSafeInteger(number) || (number as number) < 1)
      throw new TypeError("a channel must be a number");
    if (name === "open") this.openChannel(number as number, about);
    else if (name === "elsewhere") this.moved(number as number, String(about ?? ""));
    else this.close(number as number, typeof about === "string" ? about : "");
  }

  private openChannel(number: number, about: unknown): void {
    if (this.open.has(number)) return;
    const description = Object(about) as Record<string, unknown>;
    const { kind, name, type, url } = description;
    let own: Channel | null = null;
    const port: Port = {
      number,
      clock: this.clock,
      send: (text, buffers = []) => {
        // A late answer of a channel that has been closed interests nobody.
        if (own && this.alive.has(own)) this.sendOn(number, text, buffers);
      },
    };
    const add = <Kind extends Channel>(channel: Kind): Kind => {
      own = channel;
      this.alive.add(channel);
      this.open.set(number, channel);
      return channel;
    };
    if (kind === "session") {
      this.departed.delete(number);
      add(new Session(port, this.compiler, description, (place) => this.moved(number, place)));
    } else if (kind === "download") {
      const download = add(new Download(port, String(name ?? "download"), String(type ?? "")));
      if (typeof url === "string") download.fetch(url, this.fetches);
    } else throw new TypeError(`unknown kind of channel ${String(kind)}`);
    this.reasons.delete(number);
    this.refused.delete(number);
    this.places.delete(number);
    this.changed();
  }

  private close(number: number, reason: string): void {
    const channel = this.open.get(number) ?? this.departed.get(number);
    if (!channel) {
      // It acted on another page, or before this one was opened.
      this.places.delete(number);
      this.remember(number, reason);
      this.changed();
      return;
    }
    this.open.delete(number);
    this.alive.delete(channel);
    this.departed.delete(number);
    this.places.delete(number);
    // What was on its way when Python closed the channel needs no answer.
    this.ignore(number);
    if (channel instanceof Session) this.remember(number, reason);
    channel.close(reason);
    this.changed();
  }

  /** A session acts on another page now. What it has begun here goes on, and answers. */
  private moved(number: number, place: string): void {
    const channel = this.open.get(number);
    if (channel instanceof Session) {
      this.open.delete(number);
      this.departed.set(number, channel);
    }
    this.reasons.delete(number);
    this.places.set(number, place);
    this.changed();
  }

  private remember(number: number, reason: string): void {
    this.reasons.set(number, reason);
    forgetOldest(this.reasons);
  }

  private ignore(number: number): void {
    this.refused.add(number);
    forgetOldest(this.refused);
  }

  private refuse(number: number): void {
    if (this.refused.has(number)) return;
    this.ignore(number);
    this.sendOn(0, JSON.stringify(["refused", number]), []);
  }

  private changed(): void {
    for (const watcher of this.watchers) watcher();
  }
}

function forgetOldest(remembered: Map<number, unknown> | Set<number>): void {
  if (remembered.size <= MOST_REMEMBERED) return;
  const [oldest] = remembered.keys();
  remembered.delete(oldest as number);
}
