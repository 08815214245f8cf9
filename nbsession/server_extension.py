"""The Jupyter Server extension: tells a page who its reader is, and sends kernel messages without delay.

Installing nbsession enables it (``etc/jupyter/jupyter_server_config.d/nbsession.json``). The front end requests
``GET {base_url}nbsession/whoami`` once when it attaches; `nbsession.info` has the response. It is information for the
notebook's author. Never base access decisions on it: a page can send any value.

Kernel messages do not wait for the acknowledgement of earlier ones (`PromptKernelWebsocketHandler`).
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from jupyter_server.utils import url_path_join
from tornado import web

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp
    from tornado.httputil import HTTPServerRequest


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
            }
        )


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
    handler = (url_path_join(base_url, "nbsession", "whoami"), WhoAmIHandler)
    serverapp.web_app.add_handlers(".*$", [handler])  # type: ignore[no-untyped-call]
    # Replaces only this handler, so that another extension's handler for these sockets stays in place.
    for rule in serverapp.web_app.wildcard_router.rules:
        if rule.target is KernelWebsocketHandler:
            rule.target = PromptKernelWebsocketHandler
