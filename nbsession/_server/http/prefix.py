"""At which paths an application of ours answers: a proxy in front may pass on its prefix, ``/tools/app/``, or not.

The page is at every path whose last part has no dot, so that what browsers and crawlers ask for by themselves
(``/favicon.ico``, ``/robots.txt``) is not answered with it. All that it asks for has its own path, or one beside it.
"""

from __future__ import annotations

import re

PAGE = r"(?:.*/)?[^/.]*"
"""A path of the page without its first slash, as a regular expression."""

STATIC = r"(?:.*?/)??static/(.*)"
"""A path of a file of ``static_dir``, likewise; the group is its name."""

_PAGE, _STATIC = re.compile(PAGE), re.compile(STATIC)


def is_page(path: str) -> bool:
    """Say whether a path is the page's."""
    return _PAGE.fullmatch(path.lstrip("/")) is not None


def static_name(path: str) -> str | None:
    """Return which file of ``static_dir`` a path asks for; None if it is another thing."""
    match = _STATIC.fullmatch(path.lstrip("/"))
    return match[1] if match else None
