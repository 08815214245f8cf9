"""Checks for ``static_dir`` that the frameworks' own handlers do not make."""

from __future__ import annotations

import os
from pathlib import Path

from nbsession._server.http.request import Response, error_response

HEADERS = {"X-Content-Type-Options": "nosniff"}
"""Headers of every response with a file."""


def check_file(directory: str | os.PathLike[str], name: str) -> Response | None:
    """Return a refusal if the requested name is not a file in the directory; otherwise None.

    Parameters
    ----------
    directory
        The directory.
    name
        The requested path below it. A symbolic link that leads out of the directory is rejected.
    """
    try:
        root = Path(directory).resolve()
        file = (root / name).resolve()
        found = file.is_relative_to(root) and file.is_file()
    except (OSError, ValueError):  # too long; contains NUL; a path below a file
        found = False
    return None if found else error_response(404, "There is no such file.")
