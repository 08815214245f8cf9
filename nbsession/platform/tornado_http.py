"""Apps on a tornado server whose pages use HTTP only.

Corresponds to ``pywebio.platform.tornado_http``. Rarely needed: a page that cannot open a WebSocket switches to HTTP.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .tornado import start_server as _start_server
from .tornado import webio_handler as _webio_handler

if TYPE_CHECKING:
    from nbsession._server.adapters.tornado_socket import PageHandler
    from nbsession._server.run.handle import ServerHandle

start_server: partial[ServerHandle | None] = partial(_start_server, protocol="http")
webio_handler: partial[type[PageHandler]] = partial(_webio_handler, protocol="http")
