"""The Jupyter Server extension: tells a page who its reader is, and carries messages between pages and kernels.

Installing nbsession enables it (``etc/jupyter/jupyter_server_config.d/nbsession.json``). The front end requests
``GET {base_url}nbsession/whoami`` once when it attaches; `nbsession.info` has the response. It is information for the
notebook's author. Never base access decisions on it: a page can send any value.

Kernel messages do not wait for the acknowledgement of earlier ones (`PromptKernelWebsocketHandler`). A page may open a
WebSocket at ``{base_url}nbsession/channel/KERNEL_ID``, whose messages are passed to and from the kernel unread
(`DirectHandler`; docs/protocol.md, "Direct socket").
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, cast

from jupyter_server.base.handlers import APIHandler
from jupyter_server.services.kernels.connection.base import BaseKernelWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.websocket import WebSocketClosedError

from nbsession._jupyter.direct.address_file import Address, find
from nbsession._jupyter.direct.framing import BINARY, SECRET, TEXT, FramingError, Reader, frame
from nbsession._server.wire.envelope import LARGEST

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from jupyter_server.serverapp import ServerApp
    from tornado.httputil import HTTPServerRequest

# Seconds after which messages of a direct socket are noted as activity again.
_NOTE_EVERY = 1.0


class WhoAmIHandler(APIHandler):
    """Responds with the reader's address and identity."""

    @web.authenticated
    def get(self) -> None:
        trusts_headers = bool(self.serverapp is not None and self.serverapp.trust_xheaders)
        self.set_header("Cache-Control", "no-store")
        self.finish(
            {
                "address": address(self.request, trusts_headers=trusts_headers),
                "identity": self.identity_provider.identity_model(self.current_user),
                "direct": self._can_relay(self.get_argument("kernel", "")),
            }
        )

    def _can_relay(self, kernel_id: str) -> bool:
        """Return whether the kernel runs on this machine, so that it may listen here."""
        try:
            kernel = self.kernel_manager.get_kernel(kernel_id)
        except (KeyError, web.HTTPError):
            return False
        file = getattr(kernel, "connection_file", "")
        return bool(file) and os.path.isfile(file)  # noqa: PTH113 -- any text


class PromptKernelWebsocketHandler(KernelWebsocketHandler):
    """The WebSocket between a page and a kernel, without Nagle's algorithm.

    With that algorithm, a small message waits until the browser's machine has acknowledged the previous one. If the
    browser has nothing to send, this takes 40 ms. At a cell's start, the kernel sends three messages in a row, and the
    third may be the first command. In one or two cells of ten, it was late by that time. See
    ``tornado.websocket.WebSocketHandler.set_nodelay``.
    """

    async def open(self, *args: Any, **kwargs: Any) -> None:
        self.set_nodelay(True)
        await super().open(*args, **kwargs)  # type: ignore[no-untyped-call]


class DirectHandler(KernelWebsocketHandler):
    """The direct socket of a page, admitted exactly as the kernel's own channels are: by their handler."""

    @property
    def kernel_websocket_connection_class(self) -> type[Relay]:
        return Relay

    @property
    def max_message_size(self) -> int:
        return LARGEST

    def get_compression_options(self) -> None:
        """Compress nothing: most messages are small, and between two programs of one machine or behind a proxy."""

    async def open(self, *args: Any, **kwargs: Any) -> None:
        self.set_nodelay(True)
        await super().open(*args, **kwargs)  # type: ignore[no-untyped-call]

    def on_message(self, message: str | bytes) -> Awaitable[None] | None:
        return self.connection.take(message)  # type: ignore[no-any-return]  # tornado awaits it before it reads on


class Relay(BaseKernelWebsocketConnection, asyncio.Protocol):
    """A direct socket's connection to the kernel. Each side is read only while the other one takes what was read."""

    _address: Address
    _transport: asyncio.Transport | None = None
    _paused_by: asyncio.Future[None] | None = None  # the last message that the browser has not taken
    _noted = 0.0

    async def prepare(self) -> None:
        """Find the kernel's address, before the WebSocket is opened."""
        found = find(getattr(self.kernel_manager, "connection_file", "") or "")
        if found is None:
            raise web.HTTPError(404, "the kernel does not listen on this machine")
        self._address = found

    async def connect(self) -> None:
        """Connect to the kernel. The page's messages are read after that."""
        loop = asyncio.get_running_loop()
        self._reader = Reader()
        self._writable = asyncio.Event()
        self._writable.set()
        try:
            if self._address.path is None:
                await loop.create_connection(lambda: self, "127.0.0.1", self._address.port)
            else:
                await loop.create_unix_connection(lambda: self, self._address.path)
        except OSError:
            self.websocket_handler.close()

    def disconnect(self) -> None:  # type: ignore[override]
        """Close the connection when everything has been written."""
        if self._transport is not None:
            self._transport.close()

    def take(self, message: str | bytes) -> Awaitable[None] | None:
        """Pass a message of the page to the kernel. Return what to await before the next one, if anything."""
        if self._transport is None:
            return None
        self._note()
        text = isinstance(message, str)
        content = message.encode() if isinstance(message, str) else message
        self._transport.write(frame(TEXT if text else BINARY, content))
        return None if self._writable.is_set() else self._until_writable()

    async def _until_writable(self) -> None:
        await self._writable.wait()

    def _note(self) -> None:
        """Record activity of the kernel, as for messages of its own channels. Heartbeats are sent on those."""
        now = asyncio.get_running_loop().time()
        if now - self._noted >= _NOTE_EVERY:
            self._noted = now
            moment = datetime.now(timezone.utc)
            self.kernel_manager.last_activity = self.multi_kernel_manager.last_kernel_activity = moment

    # -- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(frame(SECRET, self._address.secret))

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        self._note()
        try:
            while (message := self._reader.next()) is not None:
                self._pass_on(*message)
        except (FramingError, WebSocketClosedError):
            self.websocket_handler.close()
            self.disconnect()

    def _pass_on(self, kind: int, content: bytes) -> None:
        handler = self.websocket_handler
        written = asyncio.ensure_future(handler.write_message(content, binary=kind == BINARY))
        written.add_done_callback(self._written)
        wire = getattr(handler.ws_connection, "stream", None)
        if wire is not None and wire.writing() and self._transport is not None:
            self._paused_by = written
            self._transport.pause_reading()

    def _written(self, written: asyncio.Future[None]) -> None:
        with contextlib.suppress(WebSocketClosedError, asyncio.CancelledError):
            written.result()
        if written is self._paused_by and self._transport is not None:
            self._paused_by = None
            self._transport.resume_reading()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        self._transport = None
        self._writable.set()
        self.websocket_handler.close()


def address(request: HTTPServerRequest, *, trusts_headers: bool) -> str:
    """Return the address that a request comes from.

    Parameters
    ----------
    request : tornado.httputil.HTTPServerRequest
        The request.
    trusts_headers : bool
        Whether the server trusts a proxy's headers (``ServerApp.trust_xheaders``; a hub's single-user servers do).

    Returns
    -------
    str
        The right-most entry of ``X-Forwarded-For``, which the proxy has written. The client may have forged the other
        entries, and other headers. Without that header, or without trust in it, the address that tornado determines.
    """
    entries = ",".join(request.headers.get_list("X-Forwarded-For")).split(",") if trusts_headers else []
    last = entries[-1].strip() if entries else ""
    for candidate in (last, request.remote_ip or ""):
        try:
            known = ipaddress.ip_address(candidate)
        except ValueError:
            continue
        # A server that listens on IPv6, such as the hub's proxy, sees an IPv4 address as ::ffff:192.0.2.1.
        return str(getattr(known, "ipv4_mapped", None) or known)
    return ""


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": "nbsession.server_extension"}]


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    base_url = serverapp.web_app.settings["base_url"]
    handlers = [
        (url_path_join(base_url, "nbsession", "whoami"), WhoAmIHandler),
        (
            url_path_join(base_url, "nbsession", "channel", r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"),
            DirectHandler,
        ),
    ]
    serverapp.web_app.add_handlers(".*$", handlers)  # type: ignore[no-untyped-call]
    # Replaces only this handler, so that another extension's handler for these sockets stays in place.
    for rule in serverapp.web_app.wildcard_router.rules:
        if rule.target is KernelWebsocketHandler:
            rule.target = PromptKernelWebsocketHandler
