/** A peer's frame was malformed or impossible. It was dropped completely: the link is unchanged. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}
