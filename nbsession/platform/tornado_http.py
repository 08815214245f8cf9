"""Apps on a tornado server whose pages use HTTP only.

Corresponds to ``pywebio.platform.tornado_http``. Rarely needed: a page that cannot open a WebSocket switches to HTTP.
"""

from __future__ import annotations

from functools import partial

from .tornado import start_server as _start_server
from .tornado import webio_handler as _webio_handler

start_server = partial(_start_server, protocol="http")
webio_handler = partial(_webio_handler, protocol="http")
