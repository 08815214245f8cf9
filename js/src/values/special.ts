/** What JSON cannot say of a value: where (a path of keys and indices), what, and with what (docs/protocol.md, Values). */
export type Special = [path: (string | number)[], kind: string, payload?: unknown];

/** A value as it travels: its JSON text, its specials, and the buffers that these refer to. */
export interface Encoded {
  json: string;
  specials: Special[];
  buffers: Uint8Array[];
}
