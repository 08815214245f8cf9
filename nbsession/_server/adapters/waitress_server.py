"""Waitress: the server of `nbsession.platform.flask` and `nbsession.platform.django`.

It is pure Python, maintained by the Pylons project, and has a bounded number of threads. It reads a whole request
before a thread handles it, so slow visitors do not occupy threads.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from nbsession._server.event_loop.polling import BODY_WITHIN, LARGEST_BODY
from nbsession._server.run.ending import end_sessions

from .wsgi_file import CutError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed.wsgi import WSGIApplication

    from nbsession._server.endpoint import Endpoint
    from nbsession._server.run.address import Address

log = logging.getLogger("nbsession")

# Seconds that responses in progress get at shutdown.
_PARTING = 2.0
# Seconds after which a response is dropped if the visitor takes nothing of it: a thread may be waiting to continue it.
_UNREAD_WITHIN = 60.0
# The same limit while requests wait for a thread: some responses must end then.
_UNREAD_WHILE_OTHERS_WAIT = 2.0
_SETTINGS: dict[str, Any] = {
    "asyncore_use_poll": True,  # select() is limited to 1,024 connections
    "channel_timeout": 60,
    "clear_untrusted_proxy_headers": False,  # trust_xheaders decides
    "connection_limit": 10_000,
    "ident": None,
    # Requests and responses are kept in memory, not in temporary files: neither is larger than this.
    "inbuf_overflow": LARGEST_BODY + 2**20,
    "max_request_body_size": LARGEST_BODY,
    "outbuf_high_watermark": 2**20,
    "outbuf_overflow": 16 * 2**20,
}


class _Channel(HTTPChannel):  # type: ignore[misc]  # it has no types
    """A connection with time limits for receiving a request and for an unread response.

    Waitress itself closes silent connections only. It keeps a connection that sends a byte now and then, and one that a
    thread works for. The limits are checked on the thread that waits for connections, which calls `readable` for each
    connection at least once a second.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        self._beginning: object = None
        self._began = 0.0
        self._moved = 0.0  # the time at which it last had nothing to write, or made progress
        super().__init__(*args, **settings)

    def readable(self) -> bool:
        now = time.time()  # waitress's clock
        if self.request is not self._beginning:
            self._beginning, self._began = self.request, now
        self._moved = max(self._moved, self.last_activity) if self.total_outbufs_len else now
        late = self._beginning is not None and now - self._began > BODY_WITHIN
        others_wait = bool(self.server.task_dispatcher.queue)
        if late or now - self._moved > (_UNREAD_WHILE_OTHERS_WAIT if others_wait else _UNREAD_WITHIN):
            self.will_close = True
            with contextlib.suppress(OSError):  # waitress closes it only when it is writable
                self.socket.shutdown(socket.SHUT_RDWR)
        return bool(super().readable())

    def handle_error(self) -> None:
        """Close a connection with data that waitress cannot read. Log no error."""
        log.debug("a request could not be read: %r", sys.exc_info()[1])
        self.handle_close()


class WaitressServer:
    """A listening server.

    Parameters
    ----------
    endpoint : Endpoint
        The endpoint to serve.
    address : Address
        The address to listen on.
    application : callable
        The framework's WSGI application.
    settings : mapping
        Settings of waitress.
    """

    def __init__(
        self, endpoint: Endpoint, address: Address, application: WSGIApplication, settings: Mapping[str, Any]
    ) -> None:
        self.endpoint = endpoint
        self.url, self.port = address.url, address.port
        self._connections: dict[int, Any] = {}
        self._server = create_server(
            application, map=self._connections, sockets=[address.socket], **{**_SETTINGS, **settings}
        )
        self._server.channel_class = _Channel
        self._thread = threading.Thread(target=self._server.run, name="nbsession waitress", daemon=True)

    async def start(self) -> None:
        """Start listening."""
        _quieten()
        self._thread.start()

    async def stop(self, reason: str) -> None:
        """Close all sessions, wait for their deferred functions, and stop listening."""
        await end_sessions(self.endpoint, reason)
        await asyncio.to_thread(self._server.task_dispatcher.shutdown, timeout=_PARTING)
        # Runs on the thread that waits for connections, which ends when there are none. The connections may already
        # have been closed before the trigger is pulled; then pulling it fails.
        with contextlib.suppress(OSError):
            self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._connections))
        await asyncio.to_thread(self._thread.join)


def _quieten() -> None:
    """Keep warnings about waiting requests and cancelled downloads out of the log: they are not errors."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logging.getLogger("waitress").addFilter(_worth_telling)


def _worth_telling(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], CutError))
