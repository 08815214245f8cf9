"""``start_server``: apps, wherever the code runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._apps.apps import with_index
from nbsession._core.brief import BRIEF
from nbsession._core.current import runtime
from nbsession._core.running_kernel import running_kernel
from nbsession._server.run.arguments import SERVER, check_names

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from nbsession._core.interfaces.platform_protocol import Platform
    from nbsession._server.run.arguments import TornadoArguments


def start_server(
    applications: object,
    port: int = 8080,
    host: str = "127.0.0.1",
    **server_options: Unpack[TornadoArguments],
) -> Any:
    """Run apps: in a notebook in the output of the calling cell, elsewhere on a server.

    In a notebook it returns at once. Each app has a session of its own, with its own ``local``. It begins anew by the
    "New session" control of its view, and ends when the cell is run again or its output is cleared. Without an app
    named ``index`` the first thing shown is a list of the apps; a single one is started at once.

    Elsewhere it is `nbsession.platform.tornado.start_server`: it serves the apps to many visitors and blocks until
    Ctrl-C. (In a notebook that function, called by its own name, serves in the background.) In a test with a
    `FakeBrowser` or a `RealPage` it raises SessionException.

    Parameters
    ----------
    applications : callable, sequence or mapping
        The app: a function without arguments, plain, ``async def``, or one that returns a coroutine (a decorated
        ``async def``, say). Several of them, named by their ``__name__``; or a mapping of names to apps.
    port : int
        The port to listen on; 0 for any that is free. Has no meaning in a notebook.
    host : str
        The address or name to listen on; ``""`` for all interfaces. Has no meaning in a notebook.
    **server_options
        The other options of `nbsession.platform.tornado.start_server`. They have no meaning in a notebook.

    Returns
    -------
    AppHandle or ServerHandle or None
        In a notebook ``close()`` ends the apps and ``session`` is the session of the one that was started last.

    Raises
    ------
    TypeError
        If an app is no function, or an option unknown.
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
    The original's ``pywebio.start_server``.
    """
    __tracebackhide__ = True
    with BRIEF:
        check_names("start_server", server_options, SERVER | {"tornado_app_settings"}, "tornado_app_settings")
        platform = runtime.platform
        assert platform is not None
        if running_kernel() is None and _is_script(platform):
            from .tornado import start_server as serve  # noqa: PLC0415 -- notebooks need no server

            return serve(applications, port, host, **server_options)
        return platform.serve(with_index(applications))


def _is_script(platform: Platform) -> bool:
    """Say whether a server may take the place of the process's own page: in a test it may not."""
    from nbsession._own_page.script_platform import ScriptPlatform  # noqa: PLC0415 -- notebooks do not need it

    return isinstance(platform, ScriptPlatform) and platform.gives_way
