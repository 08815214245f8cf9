"""What serving apps means for the process."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar

from nbsession._core.current import runtime

# Whether the command line imports code to serve its apps: what that code may not do by itself then.
LOADING: ContextVar[bool] = ContextVar("nbsession_loading", default=False)
# Sockets that a server may have open, if the system lets it.
_CONNECTIONS = 65_536


class StartedWhileLoadingError(RuntimeError):
    """Code that is imported to have its apps served starts a server by itself."""


def check_not_loading() -> None:
    """Refuse to start a server for code that is imported to be served."""
    if LOADING.get():
        msg = "start_server() was called while the command line imported the code to serve its apps"
        raise StartedWhileLoadingError(msg)


def give_way() -> None:
    """Have no script session in this process: what belongs to no app belongs to none."""
    platform = runtime.platform
    if platform is not None:
        platform.give_way()


def allow_many_connections() -> None:
    """Let the process open as many sockets as the system allows it: many have a lower limit at first."""
    try:
        import resource  # noqa: PLC0415 -- not on Windows, which has no such limit
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, _CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
