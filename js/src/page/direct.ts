import { type Bytes, bytesOf, type Part, type Parts } from "../link";
import type { Clock } from "./clock";
import type { KernelConnection } from "./kernel";
import type { Transport } from "./transport";
import { webSocket } from "./websocket";
import { type Dial, readMessage, sendOver, type Wire } from "./wire";

/** Pauses before a lost socket is dialled again. In seconds. */
const PAUSES = [0.1, 1, 5, 15, 60];
/** Maximum time until Python answers on an opened socket. In seconds. */
const ATTACHED_WITHIN = 10;

/** A key with which the page of a context may open a socket. */
interface Key {
  context: string;
  key: string;
}

/**
 * Carries envelopes over the comm, and over a WebSocket through the Jupyter server to the kernel while there is one. A
 * socket needs a key, which Python sends to pages whose server relays sockets: one at first, and another one whenever
 * one has been used. Hellos and heartbeats always use the comm: the server counts what passes the socket as activity.
 */
export class DirectTransport implements Transport {
  /** Called when messages go another way from now on. Those that are on their way may be lost. */
  onMoved: () => void = () => {};
  private wire: Wire | null = null;
  /** The key of the present socket. */
  private used: Key | null = null;
  private attached = false;
  private next: Key | null = null;
  private pauses: number[] = [];
  private timer: unknown = null;
  private receive: (envelope: unknown, parts: Parts) => void = () => {};

  constructor(
    private readonly comm: Transport,
    private readonly dialSocket: Dial,
    private readonly clock: Clock,
  ) {}

  /** Whether messages use the socket. */
  get direct(): boolean {
    return this.attached;
  }

  /** Take a key, and use it if there is no socket. */
  offer(context: string, key: string): void {
    this.next = { context, key };
    if (this.wire === null && this.timer === null) this.dial();
  }

  /** Close the socket, and forget the key: both were of a context that has ended. */
  reset(): void {
    this.clock.clearTimer(this.timer);
    this.timer = null;
    this.wire?.close();
    this.wire = null;
    this.used = null;
    this.next = null;
    this.attached = false;
    this.pauses = [];
  }

  send(envelope: object, buffers: readonly Bytes[]): void {
    this.sendParts(envelope, buffers);
  }

  sendParts(envelope: object, parts: readonly Part[]): void {
    const { wire } = this;
    if (wire === null || !this.attached || "hello" in envelope || "alive" in envelope) {
      this.comm.send(envelope, parts.map(bytesOf));
    } else sendOver(wire, envelope, parts);
  }

  connected(): boolean {
    return this.comm.connected?.() ?? true;
  }

  onEnvelope(receive: (envelope: unknown, parts: Parts) => void): () => void {
    this.receive = receive;
    const stop = this.comm.onEnvelope((envelope, parts) => {
      const { lost } = Object(envelope) as { lost?: unknown };
      if (lost !== undefined && lost === this.used?.key) this.end();
      receive(envelope, parts);
    });
    return () => {
      this.receive = () => {};
      stop();
    };
  }

  private dial(): void {
    const { next } = this;
    if (next === null) return;
    this.used = next;
    this.clock.clearTimer(this.timer);
    const current = () => this.wire === wire;
    const wire: Wire = this.dialSocket({
      opened: () => current() && wire.sendText?.(JSON.stringify(next)),
      message: (message) => current() && this.take(message),
      ended: () => current() && this.end(),
    });
    this.wire = wire;
    this.timer = this.clock.setTimer(() => current() && !this.attached && this.end(), ATTACHED_WITHIN);
  }

  private take(message: Bytes | string): void {
    const received = readMessage(message, "kernel");
    if (!received) return;
    const { envelope, parts } = received;
    if (!this.attached) {
      if (envelope.attached !== this.used?.key) return;
      this.attached = true;
      this.clock.clearTimer(this.timer);
      this.timer = null;
      this.pauses = [...PAUSES];
      if (this.next === this.used) this.next = null;
      this.onMoved();
    }
    this.receive(envelope, parts);
  }

  /** Return to the comm: the socket is lost, or was refused. A socket that never worked is not tried again. */
  private end(): void {
    const { used, attached } = this;
    this.wire?.close();
    this.wire = null;
    this.used = null;
    this.attached = false;
    this.clock.clearTimer(this.timer);
    this.timer = null;
    if (attached && used) {
      this.comm.send({ context: used.context, lost: used.key }, []);
      this.onMoved();
    }
    const pause = this.pauses.shift();
    if (pause === undefined) return;
    this.timer = this.clock.setTimer(() => {
      this.timer = null;
      this.dial();
    }, pause);
  }
}

/** Dials the address of a kernel's direct socket; `null` if it is not known. */
export function directSocket(kernel: KernelConnection | null): Dial | null {
  const { id, clientId, serverSettings: settings } = kernel ?? {};
  if (!id || !settings) return null;
  const base = new URL(settings.baseUrl, location.href);
  const url = new URL(`nbsession/channel/${encodeURIComponent(id)}`, base);
  url.searchParams.set("session_id", String(clientId));
  if (settings.appendToken && settings.token) url.searchParams.set("token", settings.token);
  return webSocket(url);
}
