"""The transport of a notebook's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._link import Buffer


class CommTransport:
    """Carries envelopes over the bridge's comm to one front-end connection."""

    protocol = "comm"
    ground = None

    def __init__(
        self, publish: Callable[[Mapping[str, object], Sequence[Buffer]], None], header: dict[str, Any]
    ) -> None:
        self._publish = publish
        self.header = header
        self.peer = str(header.get("session", ""))

    def send(self, envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        self._publish(envelope, buffers)
