"""Finds a Chromium: the selected one, or one that is installed on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from nbsession.exceptions import FrontendNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator

# In this order. The headless shell has no windows at all and starts slightly faster.
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "chrome-headless-shell",
    "microsoft-edge",
    "microsoft-edge-stable",
    "brave-browser",
)
_APPLICATIONS = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Brave Browser.app/Contents/MacOS/Brave Browser",
)


def find(named: str | None = None) -> str:
    """Return the path of a Chromium, or of a browser that is based on it, such as Chrome or Edge.

    Parameters
    ----------
    named : str, optional
        A path, or the name of a program on ``PATH``. By default, the first of the usual names that exists.

    Returns
    -------
    str
        The program's path.

    Raises
    ------
    FrontendNotFoundException
        If there is none. The message lists the names that were tried.

    Examples
    --------
    >>> from nbsession._headless.chromium import find
    >>> find()  # doctest: +SKIP
    '/usr/bin/chromium'
    """
    if named is not None:
        found = shutil.which(os.path.expanduser(named))  # noqa: PTH111 -- a name is not a path
        if found is None:
            msg = (
                f"NBSESSION_BROWSER is {named!r}, but there is no such program; use 'headless', 'open', "
                "or the path of a Chromium, Chrome or Edge"
            )
            raise FrontendNotFoundException(msg)
        return found
    looked = list(_places())
    for place in looked:
        found = shutil.which(place)
        if found is not None:
            return found
    msg = (
        f"no Chromium was found for NBSESSION_BROWSER=headless; looked for {', '.join(looked)} on PATH. "
        "Install one, or name it: NBSESSION_BROWSER=/path/to/chrome"
    )
    raise FrontendNotFoundException(msg)


def _places() -> Iterator[str]:
    yield from NAMES
    if sys.platform == "darwin":
        for folder in ("/Applications", os.path.expanduser("~/Applications")):  # noqa: PTH111
            for application in _APPLICATIONS:
                yield f"{folder}/{application}"
