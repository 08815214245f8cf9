"""The values of ``info`` that a platform provides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from nbsession._core.kernel_user import KernelUser
    from nbsession._core.session import Session


class Place(Protocol):
    """Values of a session that a platform knows without its page."""

    @property
    def user(self) -> KernelUser:
        """The kernel user."""
        ...

    @property
    def backend(self) -> str:
        """The server that runs the session."""
        ...

    @property
    def protocol(self) -> str:
        """The transport of the page's messages."""
        ...

    @property
    def notebook(self) -> str | None:
        """The notebook's path."""
        ...

    def request(self, session: Session) -> Any:
        """Return the request that opened the page."""
        ...
