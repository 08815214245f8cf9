"""A request, in the words that all servers share, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Request:
    """What a server needs to know of a request.

    Attributes
    ----------
    method, path : str
        As in its first line.
    query : mapping
        The first value of each parameter.
    headers : mapping
        Case does not matter to `get`.
    cookies : mapping
        The cookies that came with it.
    host : str
        The ``Host`` it was sent to, as the visitor's browser names it.
    secure : bool
        It came by https.
    user_ip : str
        Where it came from.
    original : object
        The framework's own request.
    peer : str
        The address of the socket's other end, whatever headers say; empty where nobody knows it.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    host: str
    secure: bool
    user_ip: str
    original: Any
    peer: str = ""

    @property
    def app(self) -> str | None:
        """The app asked for by ``?app=NAME``."""
        return self.query.get("app")

    @property
    def purpose(self) -> str | None:
        """What of ours is asked for: a file, the socket; None for the page itself."""
        return self.query.get("nbsession")


@dataclass(frozen=True)
class Response:
    """What to answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def error_response(status: int, text: str) -> Response:
    """Return an answer in plain text."""
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(status, text.encode() + b"\n", headers)
