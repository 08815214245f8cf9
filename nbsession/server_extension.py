"""Jupyter Server's extension: tells a page who its reader is, and sends what kernels say at once.

Installing nbsession enables it (``etc/jupyter/jupyter_server_config.d/nbsession.json``). The front end asks
``GET {base_url}nbsession/whoami`` once when it attaches; `nbsession.info` has the answer. It is information for the
notebook's author, never a ground on which to let somebody do something: what comes from a page may be made up.

What a kernel says waits for no acknowledgement of what it said before (`PromptKernelWebsocketHandler`).
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
    """Answers with the reader's address and identity."""

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
    """The WebSocket by which a page talks with a kernel, without Nagle's algorithm.

    With it a small message waits until the browser's machine has acknowledged the one before, which it does after 40 ms
    where the browser has nothing to say. At a cell's start the kernel says three things in a row, and the third may be
    the first command: in one or two cells of ten it came that late. See
    ``tornado.websocket.WebSocketHandler.set_nodelay``.
    """

    async def open(self, *args: Any, **kwargs: Any) -> None:
        self.set_nodelay(True)
        await super().open(*args, **kwargs)  # type: ignore[no-untyped-call]


def address(request: HTTPServerRequest, *, trusts_headers: bool) -> str:
    """Return where a request comes from.

    Parameters
    ----------
    request : tornado.httputil.HTTPServerRequest
        The request.
    trusts_headers : bool
        Whether the server trusts what a proxy says (``ServerApp.trust_xheaders``; single-user servers of a hub do).

    Returns
    -------
    str
        The right-most entry of ``X-Forwarded-For``: the proxy has written it, all before it may be made up by whoever
        sent the request, and so may be other headers. Without that header, or trust in it, what tornado takes it for.
    """
    entries = ",".join(request.headers.get_list("X-Forwarded-For")).split(",") if trusts_headers else []
    last = entries[-1].strip() if entries else ""
    for candidate in (last, request.remote_ip or ""):
        try:
            known = ipaddress.ip_address(candidate)
        except ValueError:
            continue
        # What listens on IPv6, as the hub's proxy does, sees an IPv4 address as ::ffff:192.0.2.1.
        return str(getattr(known, "ipv4_mapped", None) or known)
    return ""


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": "nbsession.server_extension"}]


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    base_url = serverapp.web_app.settings["base_url"]
    handler = (url_path_join(base_url, "nbsession", "whoami"), WhoAmIHandler)
    serverapp.web_app.add_handlers(".*$", [handler])  # type: ignore[no-untyped-call]
    # In its place, so that another extension's handler for these sockets stays what it is.
    for rule in serverapp.web_app.wildcard_router.rules:
        if rule.target is KernelWebsocketHandler:
            rule.target = PromptKernelWebsocketHandler
