import type { Compiler } from "../commands/compile";
import { Runner } from "../commands/runner";
import type { Bytes } from "../link";
import type { Channel, Port } from "./channel";
import type { CommandQueue } from "./command_queue";
import { Env } from "./env";
import type { Functions, Owner } from "./functions";
import { Inputs } from "./inputs";
import type { Jquery } from "./jquery";
import { MountWait } from "./mount_wait";
import { Outputs } from "./outputs";
import { type Toast, toasts } from "./toasts";
import { Uploads } from "./uploads";

/** A session's channel: runs its commands and holds its outputs. */
export class Session implements Channel {
  readonly outputs = new Outputs();
  readonly env = new Env();
  /** What the reader enters in its forms and pins. */
  readonly inputs: Inputs;
  /** The files that the reader uploads there. */
  readonly uploads: Uploads;
  /** The name of its app, if the reader may request a new session of it. */
  app: string | null;
  /** Whether it has no view on the page, so that its notices appear in a toast. */
  readonly toasts: boolean;
  /** The reason of its end, while its outputs can still be read. */
  private endedBecause: string | null = null;
  private readonly endWatchers = new Set<(reason: string) => void>();
  private readonly runner: Runner;
  private readonly wait: MountWait;
  private readonly ending = new AbortController();
  private root: HTMLElement | null = null;
  /** Called when its views can be disposed of, as soon as none of them shows it. */
  onDisposed: () => void = () => {};
  /** Creates the root of its own view, with its outputs; without it, the root is empty. */
  makeRoot: () => HTMLElement = () => document.createElement("div");

  /**
   * `about` is Python's description from the opening of the channel. `moved` is called with the label of the other page
   * when the session moves to it.
   */
  constructor(
    private readonly port: Port,
    compiler: Compiler,
    private readonly functions: Functions,
    private readonly owner: Owner,
    private readonly queue: CommandQueue,
    private readonly jquery: Jquery | null,
    about: Record<string, unknown>,
    private readonly moved: (place: string) => void,
  ) {
    this.toasts = about.toasts === true;
    this.app = typeof about.app === "string" ? about.app : null;
    this.env.set(about.env);
    if (typeof about.ended === "string") {
      this.endedBecause = about.ended;
      this.ending.abort();
    }
    this.inputs = new Inputs(port);
    const send = (text: string, buffers: readonly Bytes[] = []) => this.send(text, buffers);
    this.uploads = new Uploads(send);
    const functionOf = (its: number) => functions.make(owner, its);
    this.runner = new Runner(send, port.clock, compiler, this, functionOf);
    const shown = () => this.outputs.shown;
    this.wait = new MountWait(port.clock, shown, () => queue.drain());
  }

  get number(): number {
    return this.port.number;
  }

  /** The root of its own view. It exists from the first moment on, whether or not it is in the document. */
  get element(): HTMLElement {
    this.root ??= this.makeRoot();
    return this.root;
  }

  get $(): unknown {
    return this.jQuery;
  }

  get jQuery(): unknown {
    return this.jquery?.within(this.element.closest<HTMLElement>(".nbsession-panel") ?? this.element);
  }

  /** Aborts when the session ends. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  receive(message: readonly unknown[], buffers: readonly Bytes[]): void {
    if (this.settle(message, buffers) || this.uploads.receive(message)) return;
    if (message[0] === "moved") this.runWaiting();
    if (this.waits(message)) this.queue.push(this, message, buffers);
    else this.process(message, buffers);
  }

  /** Commands also wait behind those of other sessions, and all messages behind the session's own. */
  private waits(message: readonly unknown[]): boolean {
    const mustWait = this.mustWait(message);
    if (!this.queue.busy) return mustWait;
    return mustWait || isCommand(message) || this.queue.holds(this);
  }

  /** If this is the answer to a call of a function, settle the call. It waits for no outputs. */
  settle(message: readonly unknown[], buffers: readonly Bytes[]): boolean {
    if (message[0] !== "returned" && message[0] !== "threw") return false;
    this.functions.settle(message, buffers);
    return true;
  }

  /** Whether it has ended, on this page. */
  get ended(): boolean {
    return this.endedBecause !== null || this.owner.gone !== null;
  }

  /** Run everything that waits, at once: the page is being left, or the session ends here. */
  runWaiting(): void {
    this.wait.stop();
    this.queue.run(this);
    this.queue.drain();
  }

  /** Commands take effect after the outputs before them, and when they have what they use. */
  mustWait(message: readonly unknown[]): boolean {
    if (!isCommand(message)) return false;
    if (this.runner.usesJquery(message) && this.jquery?.waits(() => this.queue.drain())) return true;
    if (this.toasts || (this.outputs.empty && !this.runner.usesElement(message))) return false;
    return this.wait.begin();
  }

  attempt(message: readonly unknown[], buffers: readonly Bytes[]): void {
    try {
      this.process(message, buffers);
    } catch (error) {
      console.warn(`nbsession: a message on channel ${this.number} could not be handled:`, error);
    }
  }

  private process(message: readonly unknown[], buffers: readonly Bytes[]): void {
    switch (message[0]) {
      case "run":
        return this.runner.run(message, buffers);
      case "eval":
        return this.runner.eval(message, buffers);
      case "env":
        return this.env.set(message[1]);
      case "sync":
        this.inputs.flush();
        return this.port.send(JSON.stringify(["value", message[1], null]));
      case "moved":
        // Everything before this message has run.
        this.send('["left"]');
        return this.moved(String(message[1] ?? ""));
      case "toast":
        return this.toast(Object(message[1]));
      case "ended":
        return this.end(String(message[1] ?? ""), message[2] === true);
      default:
        this.outputs.receive(message, buffers);
    }
  }

  private toast(toast: Toast): void {
    const { callback } = toast;
    const gone = (pressed: boolean) => {
      if (!this.ended) this.call(callback, pressed);
    };
    toasts.show(toast, typeof callback === "number" ? gone : null);
  }

  /** The reader used an output: call its callback in Python. */
  call(callback: unknown, value: unknown): void {
    this.send(JSON.stringify(["callback", callback, value]));
  }

  /** Python reads what the reader has entered so far before it hears of anything that came later. */
  private send(text: string, buffers: readonly Bytes[] = []): void {
    this.inputs.flush();
    this.port.send(text, buffers);
  }

  /** Call `watcher` when the session has ended, now if it has. Returns a function that stops this. */
  watchEnd(watcher: (reason: string) => void): () => void {
    if (this.endedBecause !== null) watcher(this.endedBecause);
    this.endWatchers.add(watcher);
    return () => this.endWatchers.delete(watcher);
  }

  /** Called when the session is not used any more here. */
  dispose(): void {
    this.runWaiting();
    this.onDisposed();
  }

  close(): void {
    this.dispose();
    this.app = null;
    this.inputs.clear();
    this.uploads.end("the session is over");
    this.runner.stop();
    this.ending.abort();
  }

  private end(reason: string, again: boolean): void {
    this.endedBecause = reason;
    if (!again) this.app = null;
    this.inputs.clear();
    this.uploads.end(reason);
    this.runner.stop();
    this.ending.abort();
    this.functions.end(this.owner, reason);
    for (const watcher of this.endWatchers) watcher(reason);
  }
}

function isCommand(message: readonly unknown[]): boolean {
  return message[0] === "run" || message[0] === "eval";
}
