"""Errors of a peer that violates the protocol."""

from __future__ import annotations


class ProtocolError(ValueError):
    """A frame was malformed or impossible. It was dropped completely: the link is unchanged."""
