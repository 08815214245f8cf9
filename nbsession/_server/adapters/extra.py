"""Imports of frameworks that are extras. If one is missing, the error gives the command that installs it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def extra(name: str, *packages: str) -> Iterator[None]:
    """Import the packages of an extra.

    Parameters
    ----------
    name : str
        The name of the extra and of the platform module, for example ``'flask'``.
    *packages : str
        The packages to import.

    Raises
    ------
    ImportError
        If a package is missing. The message contains the pip command.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in packages:
            raise
        msg = f"nbsession.platform.{name} needs {package}: pip install 'nbsession[{name}]'"
        raise ImportError(msg, name=package) from error
