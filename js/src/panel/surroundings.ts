import type { Channels } from "../session/channels";
import type { MimeRenderer } from "./renderer";

/** The surroundings that the views of a session's nodes need. */
export interface Surroundings {
  readonly channels: Channels;
  /** The front end's own renderers, if any. */
  readonly renderer: MimeRenderer | null;
  /** Call a callback in Python. */
  call(callback: unknown, value: unknown): void;
}
