import { type Arrival, type Bytes, Link, PAGE_SETTINGS, type Part, type Parts, ProtocolError } from "../link";
import { Channels } from "../session/channels";
import type { Chunks } from "./chunks";
import { Alarm, type Clock } from "./clock";
import { Macrotask } from "./macrotask";
import type { ResumeMarker } from "./resume_marker";

/** One life of the page's JavaScript in the protocol: a link, and the channels on it. */
export class Context {
  readonly channels: Channels;
  private readonly link = new Link();
  private readonly alarm: Alarm;
  private readonly later: Macrotask;
  private running = false;
  private flushing = false;
  private ended = false;
  /** The time of the last frame, in the clock's seconds. */
  lastFrame = -Infinity;

  constructor(
    readonly id: string,
    readonly marker: ResumeMarker,
    private readonly post: (envelope: object, parts: readonly Part[]) => void,
    private readonly clock: Clock,
    chunks: Chunks,
  ) {
    const sendOn = (channel: number, text: string, buffers: readonly Bytes[]) =>
      this.send(channel, text, buffers);
    this.channels = new Channels(sendOn, clock, chunks);
    this.alarm = new Alarm(clock, () => this.flush());
    this.later = new Macrotask(() => this.flush());
  }

  /** Process a frame: run what it makes deliverable, then send the results together. */
  receive(frame: unknown, parts: Parts): void {
    if (this.ended) return;
    this.lastFrame = this.clock.now();
    let arrivals: Arrival[];
    try {
      arrivals = this.link.receive(frame, parts, this.lastFrame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      console.warn("nbsession: Python sent a frame that violates the protocol:", error.message);
      return;
    }
    this.running = true;
    for (const arrival of arrivals) this.run(arrival);
    this.running = false;
    // Results are sent with the acknowledgement. Without results, it waits for those of promises that are settled
    // already.
    if (!arrivals.length || this.link.waiting()) this.flush();
    else this.later.schedule();
  }

  /** Set the maximum size of a message in bytes, as Python has sent it. */
  limit(largest: number): void {
    this.link.largest = largest;
  }

  /** Send an acknowledgement, whether or not it is due. */
  acknowledge(): void {
    if (!this.ended && !this.running) this.post({ context: this.id, frame: this.link.acknowledgement() }, []);
  }

  /** Handle a restored connection: report what has arrived here, and ask what has arrived there. */
  resume(): void {
    if (this.ended) return;
    this.link.requestProbe(this.clock.now());
    this.flush();
    this.acknowledge();
  }

  /** Run what waits for outputs, and send the results without waiting for others, because the page is being left. */
  hurry(): void {
    if (this.ended) return;
    this.channels.runWaiting();
    if (this.link.waiting()) this.flush(PAGE_SETTINGS.gather);
  }

  end(reason: string): void {
    this.channels.closeAll(reason);
    this.stop();
  }

  /** Stop running and sending anything. */
  stop(): void {
    this.ended = true;
    this.alarm.stop();
    this.later.close();
  }

  private run({ number, messages }: Arrival): void {
    this.marker.begin(number);
    for (const message of messages) {
      try {
        this.channels.deliver(message);
      } catch (error) {
        console.warn(`nbsession: a message on channel ${message.channel} could not be handled:`, error);
      }
    }
  }

  /** Send a message on a channel. */
  send(channel: number, text: string, buffers: readonly Bytes[] = []): void {
    if (this.ended) return;
    // While a frame runs, its time is used: reading the clock takes longer than parsing a small message.
    this.link.send(channel, text, buffers, this.running ? this.lastFrame : this.clock.now());
    if (this.running || this.flushing) return;
    // Messages of one task, for example from a loop over promises, are sent together.
    this.flushing = true;
    queueMicrotask(() => {
      this.flushing = false;
      this.flush();
    });
  }

  /** Send what is due within `ahead` seconds. */
  private flush(ahead = 0): void {
    if (this.ended) return;
    for (const { frame, buffers } of this.link.transmit(this.clock.now() + ahead)) {
      this.post({ context: this.id, frame }, buffers);
    }
    this.alarm.set(this.link.deadline());
  }
}
