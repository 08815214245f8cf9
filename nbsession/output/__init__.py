"""The output API: the names of ``pywebio.output``, for notebooks.

>>> from nbsession.output import put_text, use_scope
>>> put_text("hello")  # doctest: +SKIP

Each function shows output in the place of the calling code's session, a cell's output or an app's view. It returns an
`Output` that can be updated and removed.
"""

from __future__ import annotations

from ._anything import put
from ._buttons import put_button, put_buttons
from ._files import put_file
from ._images import put_image
from ._markdown import put_markdown
from ._progress import put_progressbar, set_progressbar
from ._scopes import clear, put_scope, remove, scroll_to, use_scope
from ._shown import Output
from ._source import put_code
from ._tables import put_table, span
from ._text import put_html, put_text

__all__ = [
    "Output",
    "clear",
    "put",
    "put_button",
    "put_buttons",
    "put_code",
    "put_file",
    "put_html",
    "put_image",
    "put_markdown",
    "put_progressbar",
    "put_scope",
    "put_table",
    "put_text",
    "remove",
    "scroll_to",
    "set_progressbar",
    "span",
    "use_scope",
]


def __dir__() -> list[str]:
    return __all__
