"""The paths of this package's own servers. A proxy in front may pass on its prefix, ``/tools/app/``, or remove it.

Every path whose last part has no dot is the page. Automatic requests of browsers and crawlers (``/favicon.ico``,
``/robots.txt``) therefore do not get the page. The page sends its own requests to its path, or to one beside it.
"""

from __future__ import annotations

import re

PAGE = r"(?:.*/)?[^/.]*"
"""The page's path without its first slash, as a regular expression."""

STATIC = r"(?:.*?/)??static/(.*)"
"""The path of a file of ``static_dir``, as a regular expression whose group is the file's name."""

_PAGE, _STATIC = re.compile(PAGE), re.compile(STATIC)


def is_page(path: str) -> bool:
    """Return whether a path is the page's."""
    return _PAGE.fullmatch(path.lstrip("/")) is not None


def static_name(path: str) -> str | None:
    """Return the name of the file of ``static_dir`` that a path requests; None for other paths."""
    match = _STATIC.fullmatch(path.lstrip("/"))
    return match[1] if match else None
