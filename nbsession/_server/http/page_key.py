"""A key that restricts a page to one browser window."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .request import Request

_RANDOM_BYTES = 32
_FRAGMENT = "#nbsession="


class Key:
    """Restricts the page of one server to one browser window.

    Each opened page has three values of its own. The *token*, in the query of its address, works once and is exchanged
    for a *cookie*. Browsers send a cookie to every port of a host, and so to other servers on this machine. The
    *secret*, in the fragment of the address, is never sent by browsers themselves: the page sends it in its hello.

    Parameters
    ----------
    port : int
        The server's port, which is part of the cookie's name: cookies ignore ports, and a machine may have several such
        servers.
    used : callable
        Called when a token has been exchanged.
    """

    def __init__(self, port: int, used: Callable[[], object] = lambda: None) -> None:
        self.cookie: str = f"nbsession-{port}"
        self._on_use = used
        self._current, self._former = _Values(), _Values()

    def address(self, url: str) -> str:
        """Return the address that opens the page at ``url``."""
        return f"{url}?token={self._current.token}{_FRAGMENT}{self._current.secret}"

    def renew(self) -> None:
        """Create the values of a new page. The address of the former page stops working."""
        self._current, self._former = _Values(), self._current

    def exchange(self, token: str) -> str | None:
        """Return the ``Set-Cookie`` header for the token; None if it is wrong or has been used."""
        values = self._current
        if values.used or not _same(token, values.token):
            return None
        values.used = True
        self._on_use()
        return f"{self.cookie}={values.cookie}; Path=/; HttpOnly; SameSite=Lax"

    def opens(self, request: Request) -> bool:
        """Return whether the request carries the cookie of this page or of the former one.

        The former page may still need to learn of its end.
        """
        given = request.cookies.get(self.cookie, "")
        return any(_same(given, values.cookie) for values in (self._current, self._former))

    def admits(self, request: Request, secret: object) -> bool:
        """Return whether the page that sends the hello is the one that was opened last.

        Parameters
        ----------
        request : Request
            The request with the hello.
        secret : object
            The secret in the hello.
        """
        values, given = self._current, request.cookies.get(self.cookie, "")
        return isinstance(secret, str) and _same(given, values.cookie) and _same(secret, values.secret)


class _Values:
    """The values of one page."""

    def __init__(self) -> None:
        self.token, self.cookie, self.secret = (secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3))
        self.used = False  # the token


def _same(given: str, expected: str) -> bool:
    return secrets.compare_digest(given.encode(errors="replace"), expected.encode())
