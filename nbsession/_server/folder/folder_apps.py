"""The apps of a folder, as the server's endpoint sees them. Each is loaded at its first request."""

from __future__ import annotations

import asyncio
import logging
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from nbsession._core.failure import UNTOLD, traceback_of
from nbsession._server.endpoint import EXCHANGE, SOCKET
from nbsession._server.files.document import policy
from nbsession._server.http.request import Response, error_response
from nbsession._server.pages.served_apps import ServedApps
from nbsession._server.run.executor import in_thread

from .app_folder import AppFolder, parse_path
from .app_modules import AppModules, LoadError
from .app_source import source_of
from .listing import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from nbsession._server.files.document import Head
    from nbsession._server.http.request import Request
    from nbsession._server.pages.clients import Client
    from nbsession._server.pages.server_platform import ServerPlatform

    from .app_folder import AppPath
    from .app_modules import LoadedApps

log = logging.getLogger("nbsession")

_MISSING = "There is no app at this address."


class FolderApps:
    """The apps of a folder.

    Parameters
    ----------
    folder : AppFolder
        The folder.
    index : bool or callable
        What a folder without ``index.py`` shows: a list, nothing, or the HTML that ``index(path)`` returns.
    origins, sources : sequence of str
        See `policy`, for that HTML.
    """

    def __init__(
        self,
        folder: AppFolder,
        index: bool | Callable[[str], str | bytes],  # noqa: FBT001 -- the original's
        *,
        origins: Sequence[str] = (),
        sources: Sequence[str] = (),
    ) -> None:
        self._folder = folder
        self._index = index
        self._origins, self._sources = origins, sources
        self._modules = AppModules(folder.base)
        self._by_file: dict[Path, tuple[LoadedApps, ServedApps]] = {}
        self._by_path: dict[AppPath, ServedApps] = {}
        self._loading: dict[Path, asyncio.Future[LoadedApps]] = {}

    def bind(
        self,
        platform: ServerPlatform,
        loop: asyncio.AbstractEventLoop | None,
        tells_failures: Callable[[Request], bool],
    ) -> FolderApps:
        """Return the apps for a server: see `MakePageApps`."""
        self._platform = platform
        self._loop = loop
        self._tells_failures = tells_failures
        return self

    def head(self, request: Request) -> Head | None:
        served = self._served(request)
        return None if served is None else served.head(request)

    def welcome(self, client: Client) -> str | None:
        served = self._served(client.connection.request)
        return _MISSING if served is None else served.welcome(client)

    def _served(self, request: Request) -> ServedApps | None:
        path = parse_path(request.path)
        return None if path is None else self._by_path.get(path)

    async def prepare(self, request: Request) -> Response | None:
        """Load the requested app. Must be called before the endpoint responds to the request, on the loop.

        Returns
        -------
        Response or None
            The response, if no app is to be shown: a folder, an error.
        """
        path = parse_path(request.path)
        if path is None:
            return error_response(404, _MISSING)
        if request.purpose in {SOCKET, EXCHANGE} and path in self._by_path:
            return None
        try:
            file = await asyncio.to_thread(self._file, path)
            if file is not None:
                reload = request.purpose is None and "reload" in request.query
                loaded = await self._loaded(file, reload=reload)
                if loaded.apps:
                    self._by_path[path] = self._serve(file, loaded)
                    return None
            self._by_path.pop(path, None)
            return await asyncio.to_thread(self._show_folder, path, request)
        except LoadError as error:
            cause = error.__cause__
            assert cause is not None
            return self._failure(str(error), cause, request)
        except OSError:  # a file that was removed a moment ago, or that may not be read
            log.warning("%.200r cannot be read", request.path, exc_info=True)
            return error_response(404, _MISSING)

    def _file(self, path: AppPath) -> Path | None:
        file = self._folder.file(path)
        return file if file is not None and source_of(file).is_app else None

    async def _loaded(self, file: Path, *, reload: bool) -> LoadedApps:
        """Load a file, in a thread of its own: visitors of other apps must not wait for it."""
        loading = self._loading.get(file)
        if loading is None:
            load = partial(copy_context().run, partial(self._modules.load, file, reload=reload))
            loading = self._loading[file] = asyncio.wrap_future(in_thread(load))
            loading.add_done_callback(lambda _: self._loading.pop(file))
        return await asyncio.shield(loading)

    def _serve(self, file: Path, loaded: LoadedApps) -> ServedApps:
        known = self._by_file.get(file)
        if known is None or known[0] is not loaded:
            apps = ServedApps(self._platform, self._loop, self._tells_failures, loaded.apps)
            known = self._by_file[file] = (loaded, apps)
        return known[1]

    def _show_folder(self, path: AppPath, request: Request) -> Response:
        subfolder = self._folder.subfolder(path)
        if subfolder is None or request.purpose is not None or request.method not in {"GET", "HEAD"}:
            return error_response(404, _MISSING)
        if path.names and not path.ends_in_slash:
            return _redirect(path.names[-1], request)
        if not self._index:
            return error_response(403, "This folder has no index.")
        if self._index is True:
            content: str | bytes = listing(self._folder, subfolder)
        else:
            try:
                content = self._index(str(subfolder))
            except Exception as error:  # noqa: BLE001 -- users' code
                return self._failure("the index function has failed", error, request)
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy(request.host, self._origins, self._sources),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(200, content.encode() if isinstance(content, str) else content, headers)

    def _failure(self, what: str, error: BaseException, request: Request) -> Response:
        log.error("%s", what, exc_info=error)
        told = self._tells_failures(request)
        return error_response(500, traceback_of(error) if told else UNTOLD)


def _redirect(name: str, request: Request) -> Response:
    """Return a redirect to a folder's address with a slash, in which the links of its page are right."""
    query = f"?{urlencode(request.query)}" if request.query else ""
    # Relative, because a proxy may have removed a prefix. The dot: a name may look like a scheme or a host.
    return Response(302, b"", {"Location": f"./{quote(name, safe='')}/{query}", "Cache-Control": "no-store"})
