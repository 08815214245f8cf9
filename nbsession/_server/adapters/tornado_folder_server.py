"""A tornado server whose apps are the files of a folder."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from nbsession._server.folder.app_folder import AppFolder
from nbsession._server.folder.folder_apps import FolderApps
from nbsession._server.run.arguments import check_settings, options_of
from nbsession._server.run.serving import serve_apps

from .tornado_server import IDLE, make_server

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from nbsession._server.run.handle import ServerHandle


def serve_folder(  # noqa: PLR0917 -- the arguments of path_deploy
    base: str | os.PathLike[str],
    port: int,
    host: str,
    index: bool | Callable[[str], str | bytes],  # noqa: FBT001 -- the original's
    settings: Mapping[str, Any] | None,
    given: Mapping[str, Any],
) -> ServerHandle | None:
    """Serve a folder; see `nbsession.platform.path_deploy`."""
    options = options_of(given)
    folder = FolderApps(
        AppFolder(base), index, origins=options.allowed_origins, sources=options.allowed_sources
    )
    tornado_settings = check_settings("tornado_app_settings", settings, idle=IDLE)
    make = partial(make_server, folder=folder)
    return serve_apps(make, "tornado", folder.bind, port, host, given, tornado_settings)
