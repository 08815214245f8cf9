import type { Bytes } from "../link";
import type { Clock } from "../page/clock";

/** What a channel's messages are handed to. */
export interface Channel {
  receive(message: readonly unknown[], buffers: readonly Bytes[]): void;
  close(reason: string): void;
}

/** What a channel may do: send on itself, and be woken. */
export interface Port {
  readonly number: number;
  readonly clock: Clock;
  send(text: string, buffers?: readonly Bytes[]): void;
}
