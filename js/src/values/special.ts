/** A value that JSON cannot express: its path (keys and indices), its kind, and its data (docs/protocol.md, Values). */
export type Special = [path: (string | number)[], kind: string, payload?: unknown];

/** An encoded value: its JSON text, its specials, and the buffers that these refer to. */
export interface Encoded {
  json: string;
  specials: Special[];
  buffers: Uint8Array[];
}
