"""Effects of a server on its process."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar

from nbsession._core.current import runtime

# Whether code is being imported to serve its apps. It must not start a server by itself then.
LOADING: ContextVar[bool] = ContextVar("nbsession_loading", default=False)
# Target for the maximum number of open sockets, if the system allows it.
_CONNECTIONS = 65_536


class StartedWhileLoadingError(RuntimeError):
    """Code that is imported to serve its apps has started a server by itself."""


def check_not_loading() -> None:
    """Raise an error if code that is imported to be served starts a server."""
    if LOADING.get():
        msg = (
            "start_server() was called while the code was imported to serve its apps: put the call below "
            "`if __name__ == '__main__':`"
        )
        raise StartedWhileLoadingError(msg)


def give_way() -> None:
    """Allow no script session in this process: code outside of apps then has no session."""
    platform = runtime.platform
    if platform is not None:
        platform.give_way()


def allow_many_connections() -> None:
    """Raise the limit of open sockets as far as the system allows: many systems start with a low limit."""
    try:
        import resource  # noqa: PLC0415 -- not available on Windows, which has no such limit
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, _CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
