"""What is served of a ``static_dir``, beyond what the frameworks' own handlers look at."""

from __future__ import annotations

import os
from pathlib import Path

from nbsession._server.http.request import Response, error_response

HEADERS = {"X-Content-Type-Options": "nosniff"}
"""What every answer with a file says."""


def check_file(directory: str | os.PathLike[str], name: str) -> Response | None:
    """Return the answer to a request for what is no file of a directory; None for a file.

    Parameters
    ----------
    directory
        The directory.
    name
        A path below it, as it was asked for. A symbolic link that leads out of the directory is no file of it.
    """
    try:
        root = Path(directory).resolve()
        file = (root / name).resolve()
        found = file.is_relative_to(root) and file.is_file()
    except (OSError, ValueError):  # too long; a NUL; a file with a path below it
        found = False
    return None if found else error_response(404, "There is no such file.")
