"""``path_deploy``: each Python file of a folder is an app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._core.brief import BRIEF
from nbsession._server.run.arguments import SERVER, check_names, named, with_options

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from typing_extensions import Unpack

    from nbsession._server.run.arguments import ServerArguments
    from nbsession._server.run.handle import ServerHandle

_ORDER = (
    "static_dir",
    "reconnect_timeout",
    "cdn",
    "debug",
    "allowed_origins",
    "check_origin",
    "max_payload_size",
)
_HTTP_ORDER = (
    "static_dir",
    "cdn",
    "debug",
    "allowed_origins",
    "check_origin",
    "session_expire_seconds",
    "session_cleanup_interval",
    "max_payload_size",
)


@with_options(SERVER, _ORDER)
def path_deploy(
    base: str | os.PathLike[str],
    port: int = 8080,
    host: str = "127.0.0.1",
    index: bool | Callable[[str], str | bytes] = True,
    *by_position: object,
    tornado_app_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ServerArguments],
) -> ServerHandle | None:
    """Serve the apps of a folder, on a tornado server.

    Each Python file of the folder and its subfolders that defines ``main`` is an app: ``A/b.py`` at the path ``/A/b``.
    ``main`` is a function, or several, as for `start_server`. A file is loaded at the first request for it. If it has
    changed since, the address with ``?reload`` loads it again; open pages keep what they have.

    A folder shows the app of its ``index.py``, or else a list of its apps. Files and folders whose names begin with a
    dot or an underscore are not served, nor is anything outside of the folder.

    Parameters
    ----------
    base : str or path
        The folder.
    port, host
        See `nbsession.platform.tornado.start_server`.
    index : bool or callable
        Whether a folder without ``index.py`` shows a list. Or a function ``index(path)`` that returns HTML for the
        folder with that path; it is called in a thread.
    static_dir : str, optional
        A directory whose files are served under ``/static/``.
    debug : bool
        Restart when the code of a loaded app changes, and show visitors the tracebacks of exceptions.
    tornado_app_settings, **options
        See `nbsession.platform.tornado.start_server`, which documents the return value and the other exceptions.

    Returns
    -------
    ServerHandle or None
        If the call does not block: a handle with ``url``, ``port`` and ``close()``.

    Raises
    ------
    TypeError, ValueError
        If there is no such folder, or an option or its value is not valid.
    OSError
        If the port is taken.

    Examples
    --------
    >>> from nbsession.platform import path_deploy
    >>> path_deploy("apps", port=8080)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.platform.path_deploy``. PyWebIO's function listens on all interfaces by default.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = named("path_deploy", _ORDER, by_position, options)
        return _deploy("path_deploy", base, port, host, index, tornado_app_settings, given)


@with_options(SERVER - {"protocol"}, _HTTP_ORDER)
def path_deploy_http(
    base: str | os.PathLike[str],
    port: int = 8080,
    host: str = "127.0.0.1",
    index: bool | Callable[[str], str | bytes] = True,
    *by_position: object,
    tornado_app_settings: Mapping[str, Any] | None = None,
    **options: Unpack[ServerArguments],
) -> ServerHandle | None:
    """Serve the apps of a folder to pages that use HTTP, on a tornado server.

    Works like `path_deploy`, which documents the parameters, the return value and the exceptions.

    Examples
    --------
    >>> from nbsession.platform import path_deploy_http
    >>> path_deploy_http("apps", port=8080)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.platform.path_deploy_http``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given = {"protocol": "http", **named("path_deploy_http", _HTTP_ORDER, by_position, options)}
        return _deploy("path_deploy_http", base, port, host, index, tornado_app_settings, given)


def _deploy(
    function: str,
    base: str | os.PathLike[str],
    port: int,
    host: str,
    index: Any,
    settings: Mapping[str, Any] | None,
    given: dict[str, Any],
) -> ServerHandle | None:
    if not isinstance(index, bool) and not callable(index):
        msg = f"{function}() expects index to be a bool or a function, not {index!r:.80}"
        raise TypeError(msg)
    check_names(function, given, SERVER, "tornado_app_settings")
    # Notebooks need no server.
    from nbsession._server.adapters.tornado_folder_server import serve_folder  # noqa: PLC0415

    return serve_folder(base, port, host, index, settings, given)
