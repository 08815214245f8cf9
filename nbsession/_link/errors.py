"""What the link says of a peer that does not keep to the protocol."""

from __future__ import annotations


class ProtocolError(ValueError):
    """A frame was malformed or impossible. It was dropped whole: the link is as it was before."""
