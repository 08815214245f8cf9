import type { Channels } from "../session/channels";
import type { Inputs } from "../session/inputs";
import type { Session } from "../session/session";
import type { Uploads } from "../session/uploads";
import type { MimeRenderer } from "./renderer";

/** The surroundings that the views of a session's nodes need. */
export interface Surroundings {
  readonly channels: Channels;
  /** The front end's own renderers, if any. */
  readonly renderer: MimeRenderer | null;
  /** Whether the session is an app's, which the reader is using. */
  readonly app: boolean;
  /** Call a callback in Python. */
  call(callback: unknown, value: unknown): void;
  /** Sends what the reader enters in forms and pins. */
  readonly inputs: Inputs;
  /** Sends the files that the reader chooses there. */
  readonly uploads: Uploads;
}

/** The surroundings of a session's nodes. */
export function surroundings(
  session: Session,
  channels: Channels,
  renderer: MimeRenderer | null,
): Surroundings {
  const { inputs, uploads } = session;
  const app = session.app !== null;
  return { channels, renderer, app, call: session.call.bind(session), inputs, uploads };
}
