"""The direct sockets of a kernel's pages: who may open one, and when a page moves to it and back."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Any, cast

from nbsession._jupyter.pages.comm_transport import CommTransport
from nbsession._jupyter.shell.shell_interceptor import CommMessage
from nbsession._server.wire.envelope import unpack, unpack_text

from .direct_transport import DirectTransport
from .framing import TEXT
from .keys import Keys
from .listener import Listener

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.interfaces.transport import Transport
    from nbsession._core.page import Page
    from nbsession._jupyter.pages.page_registry import PageRegistry

    from .connection import RelayConnection

log = logging.getLogger("nbsession")

VARIABLE = "NBSESSION_TRANSPORT"


def wanted_by_environment() -> bool:
    """Return whether pages may use direct sockets.

    Raises
    ------
    ValueError
        If the environment variable has another value than ``auto`` or ``comm``.
    """
    given = os.environ.get(VARIABLE, "comm").lower()
    if given not in {"auto", "comm"}:
        msg = f"{VARIABLE} must be auto or comm, not {given!r}"
        raise ValueError(msg)
    return given == "auto"


class DirectSockets:
    """Can be used on any thread.

    Parameters
    ----------
    page_registry : PageRegistry
        The pages.
    connection_file : callable
        Returns the path of the kernel's connection file.
    wanted : bool
        Whether pages may use direct sockets.

    Attributes
    ----------
    keys : Keys
        The keys that pages have not used.
    listener : Listener or None
        Listens once a page can have a socket.
    """

    def __init__(
        self, page_registry: PageRegistry, connection_file: Callable[[], str], *, wanted: bool
    ) -> None:
        self._page_registry = page_registry
        self._connection_file = connection_file
        self._wanted = wanted
        self._lock = threading.Lock()
        self.listener: Listener | None = None
        self.keys = Keys()
        self._transports: dict[RelayConnection, DirectTransport] = {}

    def listen(self) -> str | None:
        """Listen from now on. Return a description of the address; None if there is none."""
        with self._lock:
            if self.listener is None and self._wanted:
                self._wanted = False  # tried once
                try:
                    self.listener = Listener(self._connection_file(), self._attach, self._receive, self._lost)
                except (OSError, RuntimeError) as error:
                    log.info("there are no direct sockets: %s", error)
        return None if self.listener is None else self.listener.kind

    def offer(self, page: Page) -> None:
        """Send a page a key, if its server has told it that it relays sockets to this kernel."""
        whoami = page.info.get("whoami")
        if isinstance(whoami, dict) and whoami.get("direct") is True and self.listen() is not None:
            page.tell(["key", self.keys.issue(page.context)])

    def forget(self, page: Page) -> None:
        """Close the socket of a page that has ended."""
        self.keys.forget(page.context)
        if isinstance(page.transport, DirectTransport):
            page.transport.close()

    def _attach(self, connection: RelayConnection, kind: int, content: bytes) -> bool:
        said: dict[str, Any] = unpack_text(content)[0] if kind == TEXT else {}
        context, key = said.get("context"), said.get("key")
        if not self.keys.use(context, key):
            return False

        def transport_for(page: Page) -> Transport:
            former = page.transport
            ground = cast("CommTransport", former.ground or former)
            transport = DirectTransport(connection, ground, str(key))
            self._transports[connection] = transport
            connection.context = page.context
            transport.send({"context": page.context, "attached": key}, ())
            if isinstance(former, DirectTransport):
                former.close()
            return transport

        page = self._page_registry.move(str(context), transport_for)
        if page is None:
            return False
        page.tell(["key", self.keys.issue(page.context)])
        return True

    def _receive(self, connection: RelayConnection, kind: int, content: bytes) -> None:
        envelope, buffers = unpack_text(content) if kind == TEXT else unpack(content)
        if envelope.get("context") != connection.context or "hello" in envelope:
            msg = "it sent a message of another page"
            raise ValueError(msg)
        header = self._transports[connection].header
        self._page_registry.receive(CommMessage(envelope, buffers, header))

    def _lost(self, connection: RelayConnection) -> None:
        transport = self._transports.pop(connection)
        self._back(str(connection.context), transport)

    def lost_by_page(self, key: object) -> None:
        """Handle a page's report, by comm, that its socket with this key is lost."""
        for transport in list(self._transports.values()):
            if transport.key == key:
                transport.close()

    def _back(self, context: str, transport: DirectTransport) -> None:
        ground = transport.ground
        page = self._page_registry.move(context, lambda page: ground if page.transport is transport else None)
        if page is not None:
            ground.send({"context": context, "lost": transport.key}, ())
