"""A site: what answers the requests of one mounted path, the same on every server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from .files.document import document, file, policy
from .files.transfers import FILE
from .http.asked import Answer, refusal
from .http.refusals import Refusals
from .pages.throttle import Throttle
from .pages.time_budget import TimeBudget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .files.document import Notes
    from .http.asked import Asked
    from .http.gate import Gate, Key
    from .pages.http_connections import Exchanges
    from .pages.visits import Visits

SOCKET = "socket"
EXCHANGE = "exchange"


class Site:
    """The page under one path, and all that it asks for there: its files, its socket, its messages by HTTP.

    Everything has the page's own path, told apart by ``?nbsession=``: so it works behind any prefix, and as one
    handler of a larger application.

    Parameters
    ----------
    visits : Visits
        The pages.
    title : callable
        ``title(app)`` returns the title of the page for ``?app=``; None if there is no such app.
    gate : Gate
        Checks by which names, and from whose pages.
    exchanges : Exchanges
        The pages that speak by HTTP.
    key : Key, optional
        Opens it to one browser window only.
    protocol : {'websocket', 'http'}
        What pages are to speak first.
    hold : float
        Seconds for which a poll is held.
    sources : sequence of str
        Hosts besides its own from which pages may load, and which they may talk to.
    notes : {'each-frame', 'at-leave', 'none'}
        See `document`.

    Attributes
    ----------
    sockets : set
        The open ones: at the end they may take what they were sent last.
    throttle : Throttle
        When messages of pages may be handled that have caused much processing time.
    """

    def __init__(
        self,
        visits: Visits,
        title: Callable[[str | None], str | None],
        gate: Gate,
        exchanges: Exchanges,
        key: Key | None = None,
        *,
        protocol: str = "websocket",
        hold: float = 20.0,
        sources: Sequence[str] = (),
        notes: Notes = "each-frame",
    ) -> None:
        self.visits = visits
        visits.key = key
        self.gate = gate
        self.exchanges = exchanges
        self._title = title
        self._key = key
        self._protocol = protocol
        self.hold = hold
        self._sources = sources
        self._notes = notes
        self.sockets: set[object] = set()
        self.throttle = Throttle(TimeBudget(visits.__len__))
        self._refusals = Refusals()

    def answer(self, asked: Asked) -> Answer | None:
        """Return the answer; None if the page may have its socket, its messages by HTTP, or a file of a download."""
        return self.check_host(asked) or file(asked) or self._check_key(asked) or self._answer(asked)

    def check_host(self, asked: Asked) -> Answer | None:
        """Return the answer to a request by a name that is not the server's; None if the name is.

        Behind a proxy that is the name in ``Host`` as well as the one that the proxy names: a page of another site may
        set any header but ``Host``.
        """
        named = asked.headers.get("Host", "")
        peer = asked.peer if named else ""  # what names no host is no browser
        for host in (asked.host, named):
            if not self.gate.knows(host, peer):
                return self._refusals.host(asked, host, local=self.gate.local_peers_only)
        return None

    def _answer(self, asked: Asked) -> Answer | None:
        if asked.purpose in {SOCKET, EXCHANGE}:
            if self.gate.admits(asked):
                return (
                    None
                    if (asked.method == "POST") == (asked.purpose == EXCHANGE)
                    else refusal(405, "Messages come by POST.")
                )
            return self._refusals.origin(asked)
        if asked.purpose == FILE:
            # Other methods leave the address good for the one request that it is for.
            return None if asked.method == "GET" else refusal(405, "Files are fetched by GET.")
        if asked.purpose is not None or asked.method not in {"GET", "HEAD"}:
            return refusal(404, "There is nothing here.")
        return self._document(asked)

    def _check_key(self, asked: Asked) -> Answer | None:
        key = self._key
        if key is None:
            return None
        token = asked.query.get("token")
        if token is not None and asked.purpose is None and asked.method == "GET":
            cookie = key.exchange(token)
            if cookie is not None:
                return _redirect(asked, {"Set-Cookie": cookie})
        if not key.opens(asked):
            return self._refusals(
                403,
                "This page belongs to the script that opened it. Its link works once, in one browser.",
                "key",
            )
        return None if token is None else _redirect(asked, {})

    def _document(self, asked: Asked) -> Answer:
        title = self._title(asked.app)
        if title is None:
            return refusal(404, f"There is no app {asked.app!r:.200}.")
        return document(
            title,
            protocol=self._protocol,
            hold=self.hold,
            notes=self._notes,
            policy=policy(asked.host, self.gate.origins, self._sources),
        )


def _redirect(asked: Asked, headers: dict[str, str]) -> Answer:
    """Return an answer that leads to the same page without the token."""
    rest = urlencode({name: value for name, value in asked.query.items() if name != "token"})
    # One slash: two would begin another host's address.
    location = "/" + asked.path.lstrip("/\\") + (f"?{rest}" if rest else "")
    lasting = {"Location": location, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return Answer(302, b"", {**lasting, **headers})
