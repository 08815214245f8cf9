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


class TornadoArguments(ServerArguments, total=False):
    """Options of a tornado server."""

    tornado_app_settings: Mapping[str, Any] | None


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
# Arguments of this package, which are therefore not settings of a framework. WSGI servers have `threads`.
_OURS = SERVER | {"host", "port", "threads"}
# Reasons why a setting has no effect.
LISTENS = "host and port say where the server listens"
RELOADS = "debug=True reloads when the code has changed"


def with_options(names: frozenset[str]) -> Callable[[F], F]:
    """Show the names of a function's ``**options`` in its signature.

    Parameters
    ----------
    names : frozenset of str
        The function's options: `MOUNT` or `SERVER`.
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
        function.__signature__ = signature.replace(parameters=[*own, *keywords])  # type: ignore[attr-defined]
        return function

    return tell


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
