import type { Channels } from "../session/channels";
import type { MimeRenderer } from "./renderer";

/** What the views of a session's nodes need of what is around them. */
export interface Surroundings {
  readonly channels: Channels;
  /** The front end's own renderers, where there are some. */
  readonly renderer: MimeRenderer | null;
  /** Have Python call a callback. */
  call(callback: unknown, value: unknown): void;
}
