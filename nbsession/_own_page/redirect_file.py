"""Passes a secret address to a browser in a file, because other users can see the list of processes."""

from __future__ import annotations

import atexit
import os
import tempfile
from contextlib import suppress
from html import escape
from pathlib import Path

_HTML = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url={url}">
<title>Opening the page</title>
</head>
<body>
<p><a href="{url}">Open the page</a></p>
</body>
</html>
"""


class RedirectFile:
    """A file that redirects a browser to an address. Only this user can read it. It is removed when this process ends.

    Parameters
    ----------
    url : str
        The address.

    Attributes
    ----------
    url : str
        The address of the file.
    """

    def __init__(self, url: str) -> None:
        descriptor, name = tempfile.mkstemp(prefix="nbsession-", suffix=".html")  # readable by this user only
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_HTML.format(url=escape(url)))
        self._path = Path(name)
        self._pid = os.getpid()
        self.url = self._path.as_uri()
        atexit.register(self.remove)

    def remove(self) -> None:
        """Remove the file. A second call has no effect."""
        if os.getpid() != self._pid:  # at the end of a forked child
            return
        atexit.unregister(self.remove)
        with suppress(OSError):
            self._path.unlink()
