"""The attributes of ``info`` that a notebook knows without asking the page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

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
        self._path: str | None = None
        self._first_paths: WeakKeyDictionary[Page, str] = WeakKeyDictionary()
        self._renamed: str | None = None

    def learn(self, page: Page) -> None:
        """Record the user and the notebook of the first page: the kernel's user does not change with the pages."""
        if self._identified is None:
            self._identified = identified_user(page.info.get("whoami"))
        path = _notebook_of(page)
        if path is not None:
            self._path = path
            self._first_paths.setdefault(page, path)

    def learn_change(self, page: Page) -> None:
        """Record that a page's notebook may have been renamed.

        The server passes the notebook's path when the kernel starts. The page knows its present path, without the
        server's folder.
        """
        first, path = self._first_paths.get(page), _notebook_of(page)
        if first is None or path is None or path == first:
            return
        self._path = path
        at_start = os.environ.get("JPY_SESSION_NAME", "")
        folder = at_start[: len(at_start) - len(first)]
        if at_start.endswith(first) and (not folder or folder.endswith(("/", os.sep))):
            self._renamed = folder + path

    @property
    def user(self) -> KernelUser:
        """The kernel user: the JupyterHub user, else the Jupyter server's user, else the OS user."""
        return hub_user() or self._identified or os_user()

    @property
    def notebook(self) -> str | None:
        """The notebook's path: from Jupyter Server 2, else from the page."""
        return self._renamed or os.environ.get("JPY_SESSION_NAME") or self._path

    def request(self, session: Session) -> dict[str, Any]:
        """Return the header of the message with the page's hello."""
        page = session.page
        if page is None:
            return {}
        transport: CommTransport = page.transport  # type: ignore[assignment]
        return dict(transport.header)


def _notebook_of(page: Page) -> str | None:
    path = page.info.get("notebook")
    return path if isinstance(path, str) and path else None
