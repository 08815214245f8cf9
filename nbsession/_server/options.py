"""Options that all servers share."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nbsession._core.byte_size import parse_byte_size

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SOURCE = re.compile(r"[A-Za-z0-9.\-:/*\[\]_~%]+")


@dataclass(frozen=True)
class ServerOptions:
    """Options of a server.

    Attributes
    ----------
    reconnect_timeout : float
        Seconds in which a page may reconnect after its connection was lost.
    session_expire_seconds : float
        Seconds without a request after which a page over HTTP counts as gone.
    allowed_origins : sequence of str
        Origins whose pages may connect, in addition to the server's own, with ``*`` and ``?`` as in a shell.
    check_origin : callable or None
        ``check_origin(origin)`` returns whether an origin may connect; replaces ``allowed_origins``.
    allowed_hosts : sequence of str or None
        Accepted host names, in addition to loopback names; ``"*"`` for any, None for those that `HostPolicy` accepts by
        default.
    allowed_sources : sequence of str
        Hosts from which pages may load content and to which they may send requests, in addition to the server's own, in
        the syntax of a Content-Security-Policy.
    max_payload_size : int
        Largest value from a page, in bytes. A larger value is an error in the page, and a larger message is refused.
        Also the most bytes of all files of a form or pin that has no limits of its own.
    max_sessions : int
        Largest number of pages at the same time. Further pages are turned away.
    resume_on_reload : bool
        Whether a reloaded page continues its session instead of starting a new one.
    trust_xheaders : bool
        Whether to trust a proxy's headers about the visitor.
    debug : bool
        Whether visitors see the tracebacks of exceptions.
    protocol : {'websocket', 'http'}
        The protocol that pages try first.

    Raises
    ------
    TypeError, ValueError
        If an option has an invalid value. The message names the option.
    """

    reconnect_timeout: float = 20.0
    session_expire_seconds: float = 600.0
    allowed_origins: Sequence[str] = ()
    check_origin: Callable[[str], bool] | None = None
    allowed_hosts: Sequence[str] | None = None
    allowed_sources: Sequence[str] = ()
    max_payload_size: int = 200 * 2**20
    max_sessions: int = 5000
    resume_on_reload: bool = False
    trust_xheaders: bool = False
    debug: bool = False
    protocol: str = "websocket"

    def __post_init__(self) -> None:
        for name in ("reconnect_timeout", "session_expire_seconds"):
            _check_number(name, getattr(self, name), (int, float), "seconds")
        _check_number("max_sessions", self.max_sessions, int, "a whole number")
        _check_names("allowed_origins", self.allowed_origins, "https://*.example.com")
        _check_names("allowed_hosts", self.allowed_hosts or (), "demo.example.com")
        _check_function("check_origin", self.check_origin)
        if self.protocol not in {"websocket", "http"}:
            msg = f"protocol must be 'websocket' or 'http', not {self.protocol!r:.80}"
            raise ValueError(msg)

    @property
    def for_others(self) -> bool:
        """Whether any option admits visitors from other machines, through a proxy or from other pages."""
        return bool(
            self.trust_xheaders or self.allowed_hosts or self.allowed_origins or self.check_origin is not None
        )


def _check_number(name: str, value: object, kinds: type | tuple[type, ...], what: str) -> None:
    if isinstance(value, bool) or not isinstance(value, kinds):
        msg = f"{name} must be {what}, not {value!r:.80}"
        raise TypeError(msg)
    if not value >= 0:  # type: ignore[operator]
        msg = f"{name} must be 0 or more, not {value!r}"
        raise ValueError(msg)


def _check_names(name: str, value: object, example: str) -> None:
    """Reject a string, which would be treated as a list of its letters."""
    if not isinstance(value, (list, tuple, set, frozenset)) or not all(
        isinstance(each, str) for each in value
    ):
        msg = f"{name} must be a list such as [{example!r}], not {value!r:.80}"
        raise TypeError(msg)


def _check_function(name: str, value: object) -> None:
    if value is not None and not callable(value):
        msg = f"{name} must be a function, not {value!r:.80}"
        raise TypeError(msg)


def existing_directory(static_dir: str | os.PathLike[str] | None) -> str | None:
    """Return the directory that was given as ``static_dir``.

    Raises
    ------
    ValueError
        If it does not exist.
    """
    if static_dir is None:
        return None
    if not Path(static_dir).is_dir():
        msg = f"static_dir must be a directory, not {os.fspath(static_dir)!r}"
        raise ValueError(msg)
    return os.fspath(static_dir)


def parse_size(size: int | str) -> int:
    """Return a number of bytes: ``500``, ``'40K'``, ``'3M'``, ``'1G'``.

    Raises
    ------
    ValueError
        If the value is invalid.
    """
    parsed = parse_byte_size(size)
    if parsed is None:
        msg = f"max_payload_size must be a number of bytes such as 500, '40K' or '3M', not {size!r}"
        raise ValueError(msg)
    return parsed


def parse_sources(sources: object) -> tuple[str, ...]:
    """Return sources of a Content-Security-Policy.

    Raises
    ------
    TypeError, ValueError
        If the value is not a sequence of strings, or if a string is not a single source: it could end the directive.
    """
    if isinstance(sources, str) or not isinstance(sources, (list, tuple, set, frozenset)):
        msg = f"allowed_sources must be a list such as ['https://images.example.com'], not {sources!r:.80}"
        raise TypeError(msg)
    for source in sources:
        if not isinstance(source, str) or not _SOURCE.fullmatch(source):
            msg = f"allowed_sources must name hosts such as 'https://images.example.com', not {source!r:.80}"
            raise ValueError(msg)
    return tuple(sources)
