"""Apps under a path of your own application."""

from __future__ import annotations

import asyncio
import atexit
from typing import TYPE_CHECKING

from nbsession._apps.apps import with_index
from nbsession._server.pages.served_apps import making

from .arguments import MOUNT, check_names, options_of
from .assembly import make_endpoint
from .ending import STOPPED, end_sessions, end_sessions_now
from .process import give_way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbsession._server.endpoint import Endpoint


class Mounted:
    """Apps whose endpoint is created at the first request. Coroutine apps run on the loop that is running then.

    Parameters
    ----------
    function : str
        The name of the called function, for error messages.
    backend : str
        The framework's name in ``info.backend``.
    applications : callable, sequence or mapping
        See `nbsession.platform.tornado.start_server`.
    given : mapping
        The given options: `MountArguments`. Without ``allowed_hosts``, requests from this machine must use a loopback
        name, unless a proxy is trusted. The surrounding application decides about other requests.

    Attributes
    ----------
    options : ServerOptions
        The options, including defaults.
    """

    def __init__(
        self, function: str, backend: str, applications: object, given: Mapping[str, object]
    ) -> None:
        check_names(function, given, MOUNT)
        self._make_apps = making(with_index(applications))
        self._backend = backend
        self.options = options_of(given)
        self._endpoint: Endpoint | None = None
        give_way()

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint. Must be called on a running loop, always on the same thread."""
        if self._endpoint is None:
            self._endpoint = make_endpoint(
                self._backend, self._make_apps, self.options, asyncio.get_running_loop(), mounted=True
            )
            # The application's server sends no notification when it ends.
            atexit.register(end_sessions_now, self._endpoint, STOPPED)
        return self._endpoint

    async def close(self) -> None:
        """Close all sessions, and wait for their deferred functions. Must run on the loop."""
        if self._endpoint is not None:
            await end_sessions(self._endpoint, STOPPED)
