"""Refusals of requests: the response gives the reason and the remedy, and the log contains each cause once."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from .request import error_response

if TYPE_CHECKING:
    from .request import Request, Response

log = logging.getLogger("nbsession")

# Maximum number of logged causes: visitors choose what they send, and must not fill the log.
_MOST = 100
_SHOWN = 200


class Refusals:
    """Creates refusals, and logs each cause when it first occurs. Can be called on any thread."""

    def __init__(self) -> None:
        self._logged: set[object] = set()
        self._lock = threading.Lock()

    def __call__(self, status: int, text: str, cause: object) -> Response:
        """Return the refusal.

        Parameters
        ----------
        status : int
            The status of the response.
        text : str
            The text shown to the reader of the page.
        cause : object
            The cause, equal for refusals that are logged as one.
        """
        with self._lock:
            known = cause in self._logged or len(self._logged) >= _MOST
            if not known:
                self._logged.add(cause)
        if not known:
            log.warning("a request was refused with status %d: %s", status, text)
        return error_response(status, text)

    def host(self, request: Request, host: str, *, local: bool = False) -> Response:
        """Refuse a request with the name ``host``, which is not the server's.

        ``local``: the request is refused only because it comes from this machine, perhaps through a proxy.
        """
        name = host[:_SHOWN]
        if local:
            text = (
                f"Requests from the server's own machine must go by a loopback name, not by {name!r}. If a proxy on "
                "that machine passes them on, set trust_xheaders=True (the proxy's headers about the visitor are then "
                f"trusted) or allowed_hosts=[{name!r}] in the call that adds the apps to the application."
            )
        else:
            text = (
                f"This server does not go by the name {name!r}. Add it to allowed_hosts of start_server(), "
                f"or configure the proxy in front to pass on an accepted name ({_nginx(request, host)})."
            )
        return self(403, text, ("host", name))

    def origin(self, request: Request) -> Response:
        """Refuse a page of another origin. Usually it is the server's own page, and a proxy hides that."""
        origin = request.headers.get("Origin", "")[:_SHOWN]
        host = request.host[:_SHOWN]
        return self(
            403,
            f"A page of {origin!r} may not connect to a server that is addressed as {host!r}. If the page is this "
            f"server's own, configure the proxy in front to pass on the host and port that the browser requests "
            f"({_nginx(request, request.host)}). If it belongs to another site, add its origin to "
            "allowed_origins of start_server().",
            ("origin", origin, host),
        )


def _nginx(request: Request, host: str) -> str:
    """Return nginx's setting for the header that contained ``host``."""
    header = "Host" if host == request.headers.get("Host") else "X-Forwarded-Host"
    return f"nginx: proxy_set_header {header} $http_host;"
