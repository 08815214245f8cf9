import type { Bytes } from "../link";
import type { Clock } from "../page/clock";

/** Receives the messages of a channel. */
export interface Channel {
  receive(message: readonly unknown[], buffers: readonly Bytes[]): void;
  close(reason: string): void;
}

/** The methods that a channel can use: sending, and timers. */
export interface Port {
  readonly number: number;
  readonly clock: Clock;
  send(text: string, buffers?: readonly Bytes[]): void;
}
