"""The kernel user: the person whose kernel, or process, runs the code."""

from __future__ import annotations

import getpass
import os
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

HUB = "hub"
IDENTITY_PROVIDER = "identity provider"
OS = "os"

# Jupyter Server invents a random name and id for unknown users.
# https://github.com/jupyter-server/jupyter_server/blob/main/jupyter_server/auth/identity.py
_RANDOM_ID = re.compile(r"[0-9a-f]{32}")
_MADE_UP = "Anonymous "
_LONGEST = 256


class KernelUser(str):  # noqa: SLOT000 -- it has attributes
    """A user name as a string with attributes.

    Attributes
    ----------
    name : str
        The login name: the string itself.
    display_name : str
        The name for addressing the user; the login name if no other is known.
    source : str
        The source of the name: ``'hub'`` (JupyterHub), ``'identity provider'`` (the Jupyter server's), ``'os'``.
    """

    display_name: str
    source: str

    def __new__(cls, name: str, display_name: str = "", *, source: str) -> KernelUser:  # noqa: PYI034 -- Self is 3.11+
        user = super().__new__(cls, name)
        user.display_name = display_name or name
        user.source = source
        return user

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, str]]:
        return (str(self), self.display_name), {"source": self.source}

    @property
    def name(self) -> str:
        return str(self)


def hub_user() -> KernelUser | None:
    """Return the user of JupyterHub, if it started the process.

    Only the name is taken from its environment variables.
    """
    name = os.environ.get("JUPYTERHUB_USER")
    return KernelUser(name, source=HUB) if name else None


def os_user() -> KernelUser:
    """Return the user who owns this process."""
    try:
        name = getpass.getuser()
    except (KeyError, ImportError, OSError):  # a container's user id may have no name
        name = str(os.getuid()) if hasattr(os, "getuid") else ""
    return KernelUser(name, _full_name(), source=OS)


def identified_user(whoami: object) -> KernelUser | None:
    """Return the user whom the Jupyter server reported to the page; None for an invented one."""
    identity = _mapping(_mapping(whoami).get("identity"))
    username, name, display_name = (_text(identity.get(key)) for key in ("username", "name", "display_name"))
    if not username or (_RANDOM_ID.fullmatch(username) and name.startswith(_MADE_UP)):
        return None
    return KernelUser(username, display_name or name, source=IDENTITY_PROVIDER)


def _full_name() -> str:
    """Return the full name of the OS user, from the system's user database."""
    try:
        import pwd  # noqa: PLC0415 -- not available on Windows

        return pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0]
    except (ImportError, KeyError):
        return ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""
