"""The interface of a page's transport: a comm, a WebSocket, HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbsession._link import Buffer


class Transport(Protocol):
    """Carries envelopes (docs/protocol.md) to pages.

    ``peer`` is the platform's name of the front-end connection: in Jupyter, the ``session`` of the connection's message
    headers. ``protocol`` is its name in ``info``.

    ``ground`` is a transport beside it that carries what the platform itself publishes, and that the page returns to;
    None if there is no other one.
    """

    peer: str

    @property
    def protocol(self) -> str: ...

    @property
    def ground(self) -> Transport | None: ...

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        """Send one envelope, in the order of the calls. Can be called on any thread; does not block."""
        ...
