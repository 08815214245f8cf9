"""Frameworks are extras: who has none is told how to get it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def extra(name: str, *packages: str) -> Iterator[None]:
    """Import what an extra brings.

    Parameters
    ----------
    name : str
        The extra, ``'flask'``, which is the module's name, too.
    *packages : str
        What it brings.

    Raises
    ------
    ImportError
        If one of them is missing: gives the pip line.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in packages:
            raise
        msg = f"nbsession.platform.{name} needs {package}: pip install 'nbsession[{name}]'"
        raise ImportError(msg, name=package) from error
