"""``start_server``: apps in any environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from nbsession._apps.apps import with_index
from nbsession._core.brief import BRIEF
from nbsession._core.current import runtime
from nbsession._core.running_kernel import running_kernel
from nbsession._server.run.arguments import SERVER, SERVER_ORDER, check_names, named, with_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from nbsession._core.interfaces.platform_protocol import Platform
    from nbsession._jupyter.cells.notebook_apps import AppHandle
    from nbsession._server.run.arguments import ServerArguments
    from nbsession._server.run.handle import ServerHandle


@with_options(SERVER, SERVER_ORDER)
def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    *by_position: object,
    tornado_app_settings: Mapping[str, Any] | None = None,
    **server_options: Unpack[ServerArguments],
) -> AppHandle | ServerHandle | None:
    """Run apps: in a notebook in the output of the calling cell, in other environments on a server.

    In a notebook, it returns at once. Each app has its own session with its own ``local``. The "New session" control of
    its view starts a new session. The session ends when the cell is run again or its output is cleared. Without an app
    named ``index``, a list of the apps is shown first; a single app starts at once.

    In other environments, it is `nbsession.platform.tornado.start_server`: it serves the apps to many visitors and
    blocks until Ctrl-C. (In a notebook, call that function directly to serve apps in the background.) In a test with a
    `FakeBrowser` or a `RealPage`, it raises SessionException.

    Parameters
    ----------
    applications : callable, sequence or mapping
        The app: a function without arguments, plain, ``async def``, or returning a coroutine (for example a decorated
        ``async def``). Or several apps, named by their ``__name__``, or a mapping of names to apps.
    port : int
        The port to listen on; 0 for any free port. Has no effect in a notebook.
    host : str
        The address or name to listen on; ``""`` for all interfaces. Has no effect in a notebook.
    **server_options
        The other options of `nbsession.platform.tornado.start_server`. They have no effect in a notebook.

    Returns
    -------
    AppHandle or ServerHandle or None
        In a notebook, ``close()`` ends the apps, and ``session`` is the session of the app that was started last.

    Raises
    ------
    TypeError
        If an app is not a function, or an option is unknown.
    ValueError
        If there is no app, or two have the same name.
    OSError
        If the port is taken.

    Examples
    --------
    >>> from nbsession import start_server
    >>> from nbsession.output import put_text
    >>> def app():
    ...     put_text("hello")
    >>> start_server(app)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.start_server``.
    """
    __tracebackhide__ = True
    with BRIEF:
        options: Any = named("start_server", SERVER_ORDER, by_position, server_options)
        check_names("start_server", options, SERVER, "tornado_app_settings")
        platform = runtime.platform
        assert platform is not None
        if running_kernel() is None and _is_script(platform):
            from .tornado import start_server as serve  # noqa: PLC0415 -- notebooks need no server

            return serve(applications, port, host, tornado_app_settings=tornado_app_settings, **options)
        return cast("AppHandle | None", platform.serve(with_index(applications)))


def _is_script(platform: Platform) -> bool:
    """Return whether a server may replace the process's own page. In a test, it may not."""
    from nbsession._own_page.script_platform import ScriptPlatform  # noqa: PLC0415 -- notebooks do not need it

    return isinstance(platform, ScriptPlatform) and platform.gives_way
