"""Apps under a path of somebody's own application."""

from __future__ import annotations

import asyncio
import atexit
from typing import TYPE_CHECKING

from nbsession._apps.apps import with_index

from .arguments import MOUNT, check_names, options_of
from .assembly import make_endpoint
from .ending import STOPPED, end_sessions, end_sessions_now
from .process import give_way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbsession._server.endpoint import Endpoint


class Mounted:
    """Apps whose endpoint is made when the first request comes: coroutine apps run on the loop that is running then.

    Parameters
    ----------
    function : str
        What the apps were given to, for errors.
    backend : str
        The framework's name in ``info.backend``.
    applications : callable, sequence or mapping
        See `nbsession.platform.tornado.start_server`.
    given : mapping
        Its options: `MountArguments`. Without ``allowed_hosts`` those that come from this machine have to address it by
        a loopback name, unless a proxy is trusted; for others the application around has its own rules.

    Attributes
    ----------
    options : ServerOptions
        What was given, and what was not.
    """

    def __init__(
        self, function: str, backend: str, applications: object, given: Mapping[str, object]
    ) -> None:
        check_names(function, given, MOUNT)
        self._apps = with_index(applications)
        self._backend = backend
        self.options = options_of(given)
        self._endpoint: Endpoint | None = None
        give_way()

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint. On a running loop, one thread."""
        if self._endpoint is None:
            self._endpoint = make_endpoint(
                self._backend, self._apps, self.options, asyncio.get_running_loop(), mounted=True
            )
            # The server is somebody else's, and ends without a word.
            atexit.register(end_sessions_now, self._endpoint, STOPPED)
        return self._endpoint

    async def close(self) -> None:
        """Close all sessions, and wait for what they deferred. On the loop."""
        if self._endpoint is not None:
            await end_sessions(self._endpoint, STOPPED)
