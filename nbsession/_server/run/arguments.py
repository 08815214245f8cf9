"""The arguments of ``start_server`` and of functions for your own application, shared by all frameworks."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar

from nbsession._server.options import ServerOptions, parse_size, parse_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

F = TypeVar("F", bound="Callable[..., Any]")


class MountArguments(TypedDict, total=False):
    """Options of apps in your own application; see `nbsession.platform.tornado.start_server`."""

    debug: bool
    cdn: object
    reconnect_timeout: float
    allowed_origins: Sequence[str] | None
    check_origin: Callable[[str], bool] | None
    max_payload_size: int | str
    session_expire_seconds: float
    session_cleanup_interval: float | None
    allowed_hosts: Sequence[str] | None
    allowed_sources: Sequence[str] | None
    max_sessions: int
    resume_on_reload: bool
    trust_xheaders: bool
    protocol: Literal["websocket", "http"]


class ApplicationArguments(MountArguments, total=False):
    """Options of a whole application."""

    static_dir: str | None


class ServerArguments(ApplicationArguments, total=False):
    """Options of a server."""

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
    "session_cleanup_interval": None,
    "allowed_hosts": None,
    "allowed_sources": None,
    "max_sessions": 5000,
    "resume_on_reload": False,
    "trust_xheaders": False,
    "protocol": "websocket",
}
MOUNT = frozenset(MountArguments.__annotations__)
APPLICATION = MOUNT | {"static_dir"}
SERVER = APPLICATION | frozenset(ServerArguments.__annotations__)
# PyWebIO's order of the options that tornado's and aiohttp's `start_server` accept by position.
SERVER_ORDER = (
    "debug",
    "cdn",
    "static_dir",
    "remote_access",
    "reconnect_timeout",
    "allowed_origins",
    "check_origin",
    "auto_open_webbrowser",
    "max_payload_size",
)
# The same of functions for your own application: with WebSocket, and with HTTP.
SOCKET_ORDER = ("cdn", "reconnect_timeout", "allowed_origins", "check_origin")
HTTP_ORDER = (
    "cdn",
    "session_expire_seconds",
    "session_cleanup_interval",
    "allowed_origins",
    "check_origin",
)
# Arguments of this package, which are therefore not settings of a framework. WSGI servers have `threads`.
_OURS = SERVER | {"host", "port", "threads"}
# Reasons why a setting has no effect.
LISTENS = "host and port say where the server listens"
RELOADS = "debug=True reloads when the code has changed"


def with_options(names: frozenset[str], order: Sequence[str] = ()) -> Callable[[F], F]:
    """Show the names of a function's ``*by_position`` and ``**options`` in its signature.

    Parameters
    ----------
    names : frozenset of str
        The function's options: `MOUNT` or `SERVER`.
    order : sequence of str
        Those that may also be given by position, in PyWebIO's order; see `named`.
    """

    def tell(function: F) -> F:
        signature = inspect.signature(function)
        own = dict(signature.parameters)
        first = [each for each in own.values() if each.kind is each.POSITIONAL_OR_KEYWORD]
        by_position = [
            own[name].replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD)
            if name in own
            else _parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
            for name in order
        ]
        settings = [
            each for name, each in own.items() if each.kind is each.KEYWORD_ONLY and name not in order
        ]
        keywords = [
            _parameter(name, inspect.Parameter.KEYWORD_ONLY)
            for name in DEFAULTS
            if name in names and name not in order
        ]
        parameters = [*first, *by_position, *settings, *keywords]
        function.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        return function

    return tell


def _parameter(name: str, kind: inspect._ParameterKind) -> inspect.Parameter:
    types = {**ApplicationArguments.__annotations__, **ServerArguments.__annotations__}
    annotation = getattr(types[name], "__forward_arg__", types[name])
    return inspect.Parameter(name, kind, default=DEFAULTS[name], annotation=annotation)


def named(
    function: str, order: Sequence[str], by_position: Sequence[object], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the given options, including those that were given by position.

    Parameters
    ----------
    function : str
        The called function.
    order : sequence of str
        The names of its options in PyWebIO's order. New code gives options by their names.
    by_position : sequence
        The options that were given by position.
    given : mapping
        Those that were given by name.

    Raises
    ------
    TypeError
        If there are too many, or one was given twice.
    """
    if len(by_position) > len(order):
        msg = f"{function}() takes at most {len(order)} options by position, not {len(by_position)}"
        raise TypeError(msg)
    options = dict(zip(order, by_position, strict=False))
    twice = next((name for name in options if name in given), None)
    if twice is not None:
        msg = f"{function}() got the option {twice!r} by position and by name"
        raise TypeError(msg)
    return {**options, **given}


def check_names(
    function: str, given: Mapping[str, object], names: frozenset[str], settings: str | None = None
) -> None:
    """Reject unknown options.

    Parameters
    ----------
    function : str
        The called function.
    given : mapping
        The given options.
    names : frozenset of str
        The function's options.
    settings : str, optional
        The function's argument for the framework's own settings, if it has one.

    Raises
    ------
    TypeError
        If an option is unknown. The message names it, the closest known option, and the argument for the framework's
        own settings.
    """
    unknown = next((name for name in given if name not in names), None)
    if unknown is not None:
        close = difflib.get_close_matches(unknown, sorted(names), 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        own = f" (the framework's own settings go into {settings}={{...}})" if settings else ""
        msg = f"{function}() has no option {unknown!r}{hint}{own}"
        raise TypeError(msg)


def check_settings(
    argument: str,
    given: object,
    *,
    known: frozenset[str] | None = None,
    idle: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the framework's own settings, given as one argument.

    Parameters
    ----------
    argument : str
        The name of the argument.
    given : mapping or None
        The value of the argument.
    known : frozenset of str, optional
        All settings of the framework, if the framework itself ignores unknown ones.
    idle : mapping, optional
        Settings of the framework that have no effect here, with the reasons.

    Raises
    ------
    TypeError
        If the value is not a mapping, or contains a setting that has no effect, for example an option of this package.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        msg = f"{argument} must be a mapping such as {{'name': value}}, not {given!r:.80}"
        raise TypeError(msg)
    for name in given:
        if name in _OURS:
            msg = f"{argument} has no effect on {name!r}: pass it as the option {name}=..."
            raise TypeError(msg)
        if idle is not None and name in idle:
            msg = f"{argument} has no effect on {name!r}: {idle[name]}"
            raise TypeError(msg)
        if known is None and (ours := difflib.get_close_matches(name, sorted(_OURS), 1, cutoff=0.8)):
            msg = f"{argument} has no effect on {name!r}; did you mean the option {ours[0]}=...?"
            raise TypeError(msg)
        if known is not None and name not in known:
            close = difflib.get_close_matches(name, sorted(known), 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            msg = f"{argument} has no setting {name!r}{hint}"
            raise TypeError(msg)
    return dict(given)


def keywords_of(*functions: Callable[..., object]) -> frozenset[str]:
    """Return the names of the keyword-only arguments of some functions."""
    return frozenset(
        each.name
        for function in functions
        for each in inspect.signature(function).parameters.values()
        if each.kind is each.KEYWORD_ONLY
    )


def options_of(given: Mapping[str, Any], **defaults: object) -> ServerOptions:
    """Return the options of a server.

    Parameters
    ----------
    given : mapping
        The given options. Those that are not options of `ServerOptions` are ignored.
    **defaults
        Defaults that differ from those of `ServerOptions`.

    Raises
    ------
    ValueError
        If an option has an invalid value.
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
