"""A request and its response, in a form that all servers share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Request:
    """The parts of a request that a server uses.

    Attributes
    ----------
    method, path : str
        The method and the path.
    query : mapping
        The first value of each parameter.
    headers : mapping
        The headers. `get` ignores the case of names.
    cookies : mapping
        The cookies.
    host : str
        The requested ``Host``, as the visitor's browser sent it.
    secure : bool
        Whether the request came over https.
    user_ip : str
        The visitor's address.
    original : object
        The framework's own request.
    peer : str
        The address of the socket's other end, independent of headers; empty if unknown.
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
        """The app requested by ``?app=NAME``."""
        return self.query.get("app")

    @property
    def purpose(self) -> str | None:
        """The requested resource: a file or the socket, for example; None for the page itself."""
        return self.query.get("nbsession")


@dataclass(frozen=True)
class Response:
    """A response."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def error_response(status: int, text: str) -> Response:
    """Return a response in plain text."""
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(status, text.encode() + b"\n", headers)
