"""Requests that an endpoint turns away: the answer says why and what to do, and the log has each cause once."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from .request import error_response

if TYPE_CHECKING:
    from .request import Request, Response

log = logging.getLogger("nbsession")

# Causes that are logged: visitors choose what they send, and cannot fill the log with it.
_MOST = 100
_SHOWN = 200


class Refusals:
    """Answers what is refused, and logs the cause when it comes for the first time. For any thread."""

    def __init__(self) -> None:
        self._logged: set[object] = set()
        self._lock = threading.Lock()

    def __call__(self, status: int, text: str, cause: object) -> Response:
        """Return the answer.

        Parameters
        ----------
        status : int
            The answer's status.
        text : str
            What the reader of the page is told.
        cause : object
            What two refusals have in common that are logged as one.
        """
        with self._lock:
            known = cause in self._logged or len(self._logged) >= _MOST
            if not known:
                self._logged.add(cause)
        if not known:
            log.warning("a request was refused with status %d: %s", status, text)
        return error_response(status, text)

    def host(self, request: Request, host: str, *, local: bool = False) -> Response:
        """Refuse a request that goes by ``host``, a name which is not the server's.

        ``local``: it is refused for that only because it comes from this machine, perhaps by a proxy.
        """
        name = host[:_SHOWN]
        if local:
            text = (
                f"Requests from the server's own machine must go by a loopback name, not by {name!r}. If a proxy on "
                "that machine passes them on, set trust_xheaders=True (the proxy's headers then say who the visitor "
                f"is), or allowed_hosts=[{name!r}], where the apps are put into the application."
            )
        else:
            text = (
                f"This server does not go by the name {name!r}. Add it to allowed_hosts of start_server(), "
                f"or have the proxy in front pass on a name that is there ({_nginx(request, host)})."
            )
        return self(403, text, ("host", name))

    def origin(self, request: Request) -> Response:
        """Refuse a page of another origin; more often than not it is the server's own, and a proxy hides that."""
        origin = request.headers.get("Origin", "")[:_SHOWN]
        host = request.host[:_SHOWN]
        return self(
            403,
            f"A page of {origin!r} may not connect to a server that is addressed as {host!r}. If that page is this "
            f"server's own, have the proxy in front pass on the host and port that the browser asks for "
            f"({_nginx(request, request.host)}). If it belongs to another site, add its origin to "
            "allowed_origins of start_server().",
            ("origin", origin, host),
        )


def _nginx(request: Request, host: str) -> str:
    """Return nginx's setting for the header that named the server ``host``."""
    header = "Host" if host == request.headers.get("Host") else "X-Forwarded-Host"
    return f"nginx: proxy_set_header {header} $http_host;"
