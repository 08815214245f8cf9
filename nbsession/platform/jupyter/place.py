"""What ``info`` knows of a notebook without asking the page."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbsession.session.base import Session

    from .attachments import CommTransport


class KernelPlace:
    """The kernel's side of ``info``."""

    backend = "jupyter"
    protocol = "comm"

    @property
    def user(self) -> str:
        """The kernel user: the JupyterHub user, else the OS user."""
        hub_user = os.environ.get("JUPYTERHUB_USER")
        if hub_user:
            return hub_user
        try:
            return getpass.getuser()
        except (KeyError, ImportError, OSError):  # a container's user id without a name
            return str(os.getuid()) if hasattr(os, "getuid") else ""

    @property
    def notebook(self) -> str | None:
        """The notebook's path; Jupyter Server 2 tells the kernel in this variable."""
        return os.environ.get("JPY_SESSION_NAME") or None

    def request(self, session: Session) -> dict[str, Any]:
        """Return the header of the message with which the page said hello."""
        page = session.page
        if page is None:
            return {}
        transport: CommTransport = page.transport  # type: ignore[assignment]
        return dict(transport.header)
