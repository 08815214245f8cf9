"""The attributes of ``info`` that a notebook knows without asking the page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from nbsession._core.kernel_user import KernelUser, hub_user, identified_user, os_user

if TYPE_CHECKING:
    from nbsession._core.page import Page
    from nbsession._core.session import Session

    from .comm_transport import CommTransport


class KernelPlace:
    """The kernel's side of ``info``."""

    backend = "jupyter"
    protocol = "comm"

    def __init__(self) -> None:
        self._identified: KernelUser | None = None
        self._first_path: str | None = None
        self._path: str | None = None

    def learn(self, page: Page) -> None:
        """Record the user and the notebook of the first page: the kernel's user does not change with the pages."""
        if self._identified is None:
            self._identified = identified_user(page.info.get("whoami"))
        path = page.info.get("notebook")
        if isinstance(path, str) and path:
            self._first_path = self._first_path or path
            self._path = path

    @property
    def user(self) -> KernelUser:
        """The kernel user: the JupyterHub user, else the Jupyter server's user, else the OS user."""
        return hub_user() or self._identified or os_user()

    @property
    def notebook(self) -> str | None:
        """The notebook's path: from Jupyter Server 2, else from the page.

        The server passes it when the kernel starts. The page, which knows it without the server's folder, also knows
        that the notebook was renamed.
        """
        at_start = os.environ.get("JPY_SESSION_NAME")
        first, path = self._first_path, self._path
        if not at_start or first is None or path is None or first == path or not at_start.endswith(first):
            return at_start or path
        return at_start[: len(at_start) - len(first)] + path

    def request(self, session: Session) -> dict[str, Any]:
        """Return the header of the message with the page's hello."""
        page = session.page
        if page is None:
            return {}
        transport: CommTransport = page.transport  # type: ignore[assignment]
        return dict(transport.header)
