"""The Binder that launched this process."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

# What stands before the host in the address of a private repository: a user's name, a password or token. In
# `request` the address is quoted.
_CREDENTIALS = re.compile(r"(//|%2F%2F)(?:[^/@%]|%(?!2F|40))*(?:@|%40)", re.IGNORECASE)


@dataclass(frozen=True)
class Binder:
    """Where a process on Binder comes from.

    Attributes
    ----------
    launch_host : str
        The Binder: ``'https://mybinder.org/'``.
    repo_url : str
        The repository that was built.
    ref_url : str
        The repository at the commit that was built.
    request : str
        What was asked for: ``'v2/gh/OWNER/NAME/BRANCH'``.
    persistent_request : str
        The same, with the commit.
    """

    launch_host: str
    repo_url: str
    ref_url: str
    request: str
    persistent_request: str

    @classmethod
    def from_environment(cls) -> Binder | None:
        """Return the Binder, None if there is none. Credentials in its addresses are left out.

        https://mybinder.readthedocs.io/en/latest/howto/user_interface.html#environment-variables
        """
        named = {
            name: _CREDENTIALS.sub(r"\1", os.environ.get(f"BINDER_{name.upper()}", ""))
            for name in cls.__dataclass_fields__
        }
        return cls(**named) if any(named.values()) else None
