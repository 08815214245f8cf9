import { Compiler } from "../commands/compile";
import type { Bytes, Message } from "../link";
import type { Chunks } from "../page/chunks";
import type { Clock } from "../page/clock";
import type { Channel, Port } from "./channel";
import { CommandQueue } from "./command_queue";
import { Download } from "./download";
import { Fetches } from "./fetches";
import { Functions, type Owner } from "./functions";
import type { Jquery } from "./jquery";
import { Session } from "./session";

/** Number of closed channels that are remembered: more than a notebook shows at a time. */
const MOST_REMEMBERED = 1000;

type SendOn = (channel: number, text: string, buffers: readonly Bytes[]) => void;

/** The open channels of a page's link, and channel 0, which opens and closes them. */
export class Channels {
  private readonly open = new Map<number, Channel>();
  /** The reasons why channels were closed, for views that are shown later. */
  private readonly reasons = new Map<number, string>();
  private readonly refused = new Set<number>();
  /** The labels of other pages that sessions use. */
  private readonly places = new Map<number, string>();
  /** Channels that can still send something: open ones, and sessions that now use another page. */
  private readonly alive = new WeakSet<Channel>();
  /** Sessions that now use another page, and whose promises here have not been settled. */
  private readonly departed = new Map<number, Session>();
  private readonly compiler = new Compiler();
  private readonly functions = new Functions();
  /** The owners of functions, by the channels of their sessions. */
  private readonly owners = new Map<number, Owner>();
  private readonly queue = new CommandQueue();
  /** Of a page whose window has none. */
  jquery: Jquery | null = null;
  /** Called with a key for a direct socket. */
  onKey: (key: string) => void = () => {};
  private readonly fetches = new Fetches();
  private readonly watchers = new Set<() => void>();
  /** Whether Python knows that the reader last used this page. */
  private touched = false;

  constructor(
    private readonly sendOn: SendOn,
    private readonly clock: Clock,
    readonly chunks: Chunks,
  ) {}

  /** Deliver a message to its channel. Throws if it is malformed. */
  deliver({ channel, body, buffers }: Message): void {
    if (!Array.isArray(body)) throw new TypeError("a message must be a list");
    const target = this.open.get(channel);
    if (target) target.receive(body, buffers);
    else if (channel === 0) this.control(body, buffers);
    else if (this.departed.get(channel)?.settle(body, buffers)) return;
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

  /** The reason why a channel was closed; `null` if it was not, or was never open. */
  closedBecause(number: number): string | null {
    return this.reasons.get(number) ?? null;
  }

  /** The label of the page that a session uses; `null` if it uses this one, as far as is known. */
  elsewhere(number: number): string | null {
    return this.places.get(number) ?? null;
  }

  /** Request a session that uses another page. */
  take(number: number): void {
    this.sendOn(0, JSON.stringify(["take", number]), []);
  }

  /** Called when the reader uses this page: reported once until the reader uses another. */
  touch(): void {
    if (this.touched) return;
    this.touched = true;
    this.sendOn(0, '["touched"]', []);
  }

  /** Call `watcher` whenever channels open or close. Returns a function that stops this. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Request a new session of the app whose session is, or was, on this channel. */
  restart(number: number): void {
    this.sendOn(0, JSON.stringify(["restart", number]), []);
  }

  /** Send what the reader has entered, and run the commands that wait for outputs: the page is being left. */
  runWaiting(): void {
    for (const session of this.sessions()) session.inputs.flush();
    this.queue.run();
  }

  closeAll(reason: string): void {
    const numbers = new Set([...this.open.keys(), ...this.departed.keys(), ...this.places.keys()]);
    for (const number of numbers) this.close(number, reason);
  }

  private control(message: readonly unknown[], buffers: readonly Bytes[]): void {
    const [name, number, about] = message;
    if (name === "untouched") this.touched = false;
    if (name === "chunk") this.chunks.arrived(String(number), buffers[0]);
    if (name === "key") this.onKey(String(number));
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
        // A late answer of a closed channel is dropped.
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
      this.departed.get(number)?.dispose();
      this.departed.delete(number);
      add(
        new Session(
          port,
          this.compiler,
          this.functions,
          this.ownerOf(number),
          this.queue,
          this.jquery,
          description,
          (place) => this.moved(number, place),
        ),
      );
    } else if (kind === "download") {
      const download = add(new Download(port, String(name ?? "download"), String(type ?? "")));
      if (typeof url === "string") download.fetch(url, this.fetches);
    } else throw new TypeError(`unknown kind of channel ${String(kind)}`);
    this.reasons.delete(number);
    this.refused.delete(number);
    this.places.delete(number);
    this.changed();
  }

  private ownerOf(number: number): Owner {
    const send = (text: string, buffers: readonly Bytes[] = []) => {
      this.session(number)?.inputs.flush();
      this.sendOn(number, text, buffers);
    };
    const owner = this.owners.get(number) ?? { gone: null, send };
    this.owners.set(number, owner);
    return owner;
  }

  private close(number: number, reason: string): void {
    const owner = this.owners.get(number);
    this.owners.delete(number);
    if (owner) this.functions.end(owner, reason);
    const channel = this.open.get(number) ?? this.departed.get(number);
    if (!channel) {
      // It used another page, or was closed before this page was opened.
      this.places.delete(number);
      this.remember(number, reason);
      this.changed();
      return;
    }
    this.open.delete(number);
    this.alive.delete(channel);
    this.departed.delete(number);
    this.places.delete(number);
    // Messages that were in flight when Python closed the channel need no answer.
    this.ignore(number);
    if (channel instanceof Session) this.remember(number, reason);
    channel.close(reason);
    this.changed();
  }

  /** Called when a session uses another page now. Code that it has started here continues, and answers. */
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
