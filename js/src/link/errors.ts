/** A peer's frame was malformed or impossible. It was dropped whole: the link is as it was before. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}
