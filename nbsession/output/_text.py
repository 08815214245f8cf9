"""``put_text`` and ``put_html``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._chart_scripts import with_charts
from ._content import Content
from ._output import Output
from ._shown import show

if TYPE_CHECKING:
    from ._placement import Scope


def put_text(
    *texts: object, sep: str = " ", inline: bool = False, scope: Scope = None, position: int = -1
) -> Output:
    """Show text. It is never interpreted as markup.

    Parameters
    ----------
    *texts : object
        The text. Other objects are converted with ``str()``.
    sep : str
        The separator.
    inline : bool
        Whether the next output continues on the same line.
    scope : str or int, optional
        The scope: its name, or its index in the stack of scopes that the calling code has entered (0 is the root, -1
        the current scope). The default is the current scope. If there is no scope of that name, the output is shown
        only if it is given to another one; otherwise a warning is issued when nothing refers to it any more.
    position : int
        The position in the scope: 0 is the first, -1 the last, -2 the second last.

    Returns
    -------
    Output
        ``update(...)`` replaces it, ``remove()`` removes it.

    Raises
    ------
    SessionClosedException
        If the session has been closed.
    SessionNotFoundException
        If the calling code belongs to no cell and no app, for example in an ipywidgets callback that was not wrapped
        with ``session.bind``.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> put_text("hello", 1, 2)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_text``.
    """
    return show("put_text", scope, position, _text, *texts, sep=sep, inline=inline)


def _text(*texts: object, sep: str = " ", inline: bool = False) -> Content:
    return Content("text", {"text": sep.join(map(str, texts)), "inline": bool(inline)})


def put_html(html: Any, sanitize: bool = False, scope: Scope = None, position: int = -1) -> Output:
    """Show HTML.

    Parameters
    ----------
    html : str or object with ``__html__``
        The HTML. Its scripts run, as those of ``IPython.display.HTML`` do in a cell: the author of the notebook's code
        can run JavaScript anyway. They run each time the HTML is shown, in each view and again after a reload of the
        page. Never build HTML from untrusted data. In exports of charting libraries, the page replaces the addresses
        of their CDNs by files of its own.
    sanitize : bool
        Show only text, links and images with their formatting: no scripts, no event handlers, no styles, no forms, no
        frames.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Examples
    --------
    >>> from nbsession.output import put_html
    >>> put_html("E = mc<sup>2</sup>")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_html``.
    """
    return show("put_html", scope, position, _html, html, sanitize=sanitize)


def _html(html: Any, *, sanitize: bool = False) -> Content:
    markup = html.__html__() if hasattr(html, "__html__") else html
    if not isinstance(markup, str):
        msg = f"put_html() expects HTML as a str, not {type(markup).__name__}: {markup!r:.80}"
        raise TypeError(msg)
    markup, charts = (markup, None) if sanitize else with_charts(markup)
    return Content("html", {"html": markup, "sanitize": bool(sanitize), "charts": charts})
