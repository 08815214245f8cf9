"""``put_text`` and ``put_html``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._shown import Content, Output, show

if TYPE_CHECKING:
    from ._placement import Scope


def put_text(
    *texts: object, sep: str = " ", inline: bool = False, scope: Scope = None, position: int = -1
) -> Output:
    """Show text. Text is text, whatever it looks like.

    Parameters
    ----------
    *texts : object
        What to show; what is no string becomes one by ``str()``.
    sep : str
        What stands between them.
    inline : bool
        Let what follows stand in the same line.
    scope : str or int, optional
        The scope to put it in: its name, or its place among the scopes that the calling code has entered (0 is the
        root, -1 the current one). Without it the current one. If there is none of that name nothing is
        shown, with a warning.
    position : int
        The place in the scope: 0 is the first, -1 the last, -2 the one before the last.

    Returns
    -------
    Output
        ``update(...)`` shows something else in its place, ``remove()`` takes it away.

    Raises
    ------
    SessionClosedException
        If the session has been closed.
    SessionNotFoundException
        If the calling code belongs to no cell and no app: in an ipywidgets callback, say, that was not wrapped with
        ``session.bind``.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> put_text("hello", 1, 2)  # doctest: +SKIP

    Notes
    -----
    The original's ``pywebio.output.put_text``.
    """
    return show("put_text", scope, position, _text, *texts, sep=sep, inline=inline)


def _text(*texts: object, sep: str = " ", inline: bool = False) -> Content:
    return Content("text", {"text": sep.join(map(str, texts)), "inline": bool(inline)})


def put_html(html: Any, sanitize: bool = False, scope: Scope = None, position: int = -1) -> Output:
    """Show HTML as HTML.

    Parameters
    ----------
    html : str or object with ``__html__``
        The HTML. Its scripts run, as those of ``IPython.display.HTML`` do in a cell: whoever wrote the notebook's code
        may run JavaScript anyway. They run each time the HTML is shown, in each view and again after a reload of
        the page. Never put together HTML from what you do not trust.
    sanitize : bool
        Show only text, links and images with their formatting: no scripts, no event handlers, no styles, no forms, no
        frames.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        What updates and removes it.

    Examples
    --------
    >>> from nbsession.output import put_html
    >>> put_html("E = mc<sup>2</sup>")  # doctest: +SKIP

    Notes
    -----
    The original's ``pywebio.output.put_html``.
    """
    return show("put_html", scope, position, _html, html, sanitize=sanitize)


def _html(html: Any, *, sanitize: bool = False) -> Content:
    markup = html.__html__() if hasattr(html, "__html__") else html
    if not isinstance(markup, str):
        msg = f"put_html() expects HTML as a str, not {type(markup).__name__}: {markup!r:.80}"
        raise TypeError(msg)
    return Content("html", {"html": markup, "sanitize": bool(sanitize)})
