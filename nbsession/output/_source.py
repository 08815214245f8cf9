"""``put_code``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._content import Content
from ._highlighting import highlighted
from ._output import Output
from ._shown import show

if TYPE_CHECKING:
    from ._placement import Scope


def put_code(
    content: object, language: str = "", rows: int | None = None, scope: Scope = None, position: int = -1
) -> Output:
    """Show source code, highlighted.

    Parameters
    ----------
    content : str
        The source code. Other objects are converted with ``str()``.
    language : str
        The language, by a name that pygments knows: ``'python'``, ``'json'``. By default, and if the name is unknown,
        the text is not highlighted.
    rows : int, optional
        The maximum number of visible lines; the reader scrolls to the others.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Examples
    --------
    >>> from nbsession.output import put_code
    >>> put_code("print('hello')", "python")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_code``.
    """
    return show("put_code", scope, position, _code, content, language=language, rows=rows)


def _code(content: object, language: str = "", rows: int | None = None) -> Content:
    given: object = rows
    if given is not None and (isinstance(given, bool) or not isinstance(given, int) or given < 1):
        msg = f"put_code() expects rows to be a positive int, not {given!r:.80}"
        raise ValueError(msg)
    text = str(content)
    return Content(
        "code", {"html": highlighted(text, str(language)), "language": str(language), "rows": rows}
    )
