"""The transport of a notebook's page that has a direct socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._server.wire.envelope import pack, pack_text

from .framing import BINARY, TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbsession._jupyter.pages.comm_transport import CommTransport
    from nbsession._link import Buffer

    from .connection import RelayConnection


class DirectTransport:
    """Carries envelopes over the page's direct socket, from the calling thread.

    Attributes
    ----------
    ground : CommTransport
        The page's comm, which it returns to when the socket is lost.
    key : str
        The key that opened the socket, by which both sides name it.
    """

    protocol = "websocket"

    def __init__(self, connection: RelayConnection, ground: CommTransport, key: str) -> None:
        self.ground = ground
        self.key = key
        self.peer: str = ground.peer
        self.header: dict[str, Any] = ground.header
        self._connection = connection

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        text = pack_text(envelope, buffers)
        if text is None:
            self._connection.send(BINARY, pack(envelope, buffers))
        else:
            self._connection.send(TEXT, text)

    def close(self) -> None:
        """Close the socket."""
        self._connection.close()
