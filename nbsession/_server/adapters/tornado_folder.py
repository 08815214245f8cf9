"""Apps of a folder on tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession._server.endpoint import EXCHANGE, SOCKET
from nbsession._server.files.document import MANIFEST

from .tornado_socket import PageHandler, give

if TYPE_CHECKING:
    from nbsession._server.endpoint import Endpoint
    from nbsession._server.folder.folder_apps import FolderApps

# Requests that concern an app. The page's files are the same at all paths.
_OF_AN_APP = {None, SOCKET, EXCHANGE, MANIFEST}


class FolderHandler(PageHandler):
    """Loads the requested app before the page's request is answered."""

    def initialize(  # type: ignore[override]
        self, endpoint: Endpoint, *, xheaders: bool, ping_every: float, folder: FolderApps
    ) -> None:
        super().initialize(endpoint, xheaders=xheaders, ping_every=ping_every)
        self._folder = folder

    async def prepare(self) -> None:
        request = self._page_request
        if request.purpose in _OF_AN_APP and self._endpoint.check_host(request) is None:
            response = await self._folder.prepare(request)
            if response is not None:
                give(self, response)
                return
        super().prepare()
