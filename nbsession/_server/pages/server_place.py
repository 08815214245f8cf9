"""The attributes of ``info`` that a server knows without asking the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._core.kernel_user import KernelUser, hub_user, os_user

if TYPE_CHECKING:
    from nbsession._core.session import Session


class ServerPlace:
    """The server's side of ``info``.

    Parameters
    ----------
    backend, protocol : str
        PyWebIO's names: ``'tornado'``, ``'websocket'``.
    request : object
        The framework's request with which the page connected.
    """

    notebook = None

    def __init__(self, backend: str, protocol: str, request: Any = None) -> None:
        self.backend = backend
        self.protocol = protocol
        self._request = request

    @property
    def user(self) -> KernelUser:
        """The user who owns this process."""
        return hub_user() or os_user()

    def request(self, session: Session) -> Any:  # noqa: ARG002
        return self._request
