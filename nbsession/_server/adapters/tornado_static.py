"""Static files on tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tornado.web import StaticFileHandler

from nbsession._server.files.static_files import HEADERS, check_file

from .tornado_socket import give, request_of

if TYPE_CHECKING:
    from nbsession._server.endpoint import Endpoint


class StaticHandler(StaticFileHandler):
    """Rejects requests with a host name that is not the endpoint's."""

    def initialize(self, path: str, endpoint: Endpoint, *, xheaders: bool) -> None:  # type: ignore[override]
        super().initialize(path)
        self._endpoint = endpoint
        self._xheaders = xheaders

    def prepare(self) -> None:
        response = self._endpoint.check_host(request_of(self.request, xheaders=self._xheaders))
        if response is None:
            response = check_file(self.root, self.path_args[0])
        if response is not None:
            give(self, response)

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002
        for name, value in HEADERS.items():
            self.set_header(name, value)
