"""What a page needs of whatever carries its envelopes: a comm, a websocket, http."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbsession._link import Buffer


class Transport(Protocol):
    """Carries envelopes (docs/protocol.md) to pages.

    ``peer`` names the front-end connection as the platform knows it: in Jupyter the ``session`` of the
    connection's message headers.
    """

    peer: str

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        """Send one envelope, in the order of the calls. Any thread; does not block."""
        ...
