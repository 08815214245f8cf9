"""What ``start_server`` and what is put into one's own application are called with; the same for every framework."""

from __future__ import annotations

import difflib
import inspect
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar

from .options import ServerOptions, parse_size, parse_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

F = TypeVar("F", bound="Callable[..., Any]")


class MountArguments(TypedDict, total=False):
    """Options of apps that are put into an application; see `nbsession.platform.tornado.start_server`."""

    debug: bool
    cdn: object
    reconnect_timeout: float
    allowed_origins: Sequence[str] | None
    check_origin: Callable[[str], bool] | None
    max_payload_size: int | str
    session_expire_seconds: float
    allowed_hosts: Sequence[str] | None
    allowed_sources: Sequence[str] | None
    max_sessions: int
    resume_on_reload: bool
    trust_xheaders: bool
    protocol: Literal["websocket", "http"]


class ServerArguments(MountArguments, total=False):
    """Options of a server."""

    static_dir: str | None
    remote_access: bool
    auto_open_webbrowser: bool


DEFAULTS: Mapping[str, object] = {
    "debug": False,
    "cdn": None,
    "static_dir": None,
    "remote_access": False,
    "reconnect_timeout": 20.0,
    "allowed_origins": None,
    "check_origin": None,
    "auto_open_webbrowser": False,
    "max_payload_size": "200M",
    "session_expire_seconds": 600.0,
    "allowed_hosts": None,
    "allowed_sources": None,
    "max_sessions": 5000,
    "resume_on_reload": False,
    "trust_xheaders": False,
    "protocol": "websocket",
}
MOUNT = frozenset(MountArguments.__annotations__)
SERVER = MOUNT | frozenset(ServerArguments.__annotations__)


def with_options(names: frozenset[str], settings: str | None = None) -> Callable[[F], F]:
    """Have a function's signature tell the options that it takes as ``**options``.

    Parameters
    ----------
    names : frozenset of str
        Its options: `MOUNT` or `SERVER`.
    settings : str, optional
        What further ones are called, if it takes any: ``'uvicorn_settings'``.
    """

    def tell(function: F) -> F:
        signature = inspect.signature(function)
        own = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
        types = {**MountArguments.__annotations__, **ServerArguments.__annotations__}
        keywords = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=default,
                annotation=getattr(types[name], "__forward_arg__", types[name]),
            )
            for name, default in DEFAULTS.items()
            if name in names
        ]
        if settings is not None:
            keywords.append(inspect.Parameter(settings, inspect.Parameter.VAR_KEYWORD, annotation="Any"))
        function.__signature__ = signature.replace(parameters=[*own, *keywords])  # type: ignore[attr-defined]
        return function

    return tell


def check_names(function: str, given: Mapping[str, object], names: frozenset[str]) -> None:
    """Refuse options that there are not.

    Raises
    ------
    TypeError
        Names the first, and the option that may have been meant.
    """
    unknown = next((name for name in given if name not in names), None)
    if unknown is not None:
        close = difflib.get_close_matches(unknown, names, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        msg = f"{function}() has no option {unknown!r}{hint}"
        raise TypeError(msg)


def options_of(given: Mapping[str, Any], **defaults: object) -> ServerOptions:
    """Return what a server is told.

    Parameters
    ----------
    given : mapping
        Options as they were given; others than those of `ServerOptions` are left alone.
    **defaults
        What they are where that is not as for all.

    Raises
    ------
    ValueError
        If one has no such value.
    """
    values: dict[str, Any] = {**DEFAULTS, **defaults}
    values.update({name: value for name, value in given.items() if value is not None})
    if values["remote_access"]:
        msg = "start_server(remote_access=True) is not supported: run a tunnel of your own, such as ssh -R"
        raise ValueError(msg)
    return ServerOptions(
        reconnect_timeout=values["reconnect_timeout"],
        session_expire_seconds=values["session_expire_seconds"],
        allowed_origins=values["allowed_origins"] or (),
        check_origin=values["check_origin"],
        allowed_hosts=values["allowed_hosts"],
        allowed_sources=parse_sources(values["allowed_sources"] or ()),
        max_payload_size=parse_size(values["max_payload_size"]),
        max_sessions=values["max_sessions"],
        resume_on_reload=values["resume_on_reload"],
        trust_xheaders=values["trust_xheaders"],
        debug=values["debug"],
        protocol=values["protocol"],
    )
