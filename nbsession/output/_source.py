"""``put_code``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._highlighting import highlighted
from ._shown import Content, Output, show

if TYPE_CHECKING:
    from ._placement import Scope


def put_code(
    content: object, language: str = "", rows: int | None = None, scope: Scope = None, position: int = -1
) -> Output:
    """Show program text, highlighted.

    Parameters
    ----------
    content : str
        The text; what is no string becomes one by ``str()``.
    language : str
        Its language, by a name that pygments knows: ``'python'``, ``'json'``. Without it, or with an unknown one, the
        text is plain.
    rows : int, optional
        The most lines in sight at once; the others are scrolled to.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        What updates and removes it.

    Examples
    --------
    >>> from nbsession.output import put_code
    >>> put_code("print('hello')", "python")  # doctest: +SKIP

    Notes
    -----
    The original's ``pywebio.output.put_code``.
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
