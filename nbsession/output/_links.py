"""``put_link``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbsession._core.current import current_session
from nbsession.exceptions import SessionException

from ._content import Content
from ._shown import show

if TYPE_CHECKING:
    from nbsession._core.session import Session

    from ._output import Output
    from ._placement import Scope


def put_link(
    name: str,
    url: str | None = None,
    app: str | None = None,
    new_window: bool = False,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show a link to another page, or to another app of the server.

    Parameters
    ----------
    name : str
        The link's text.
    url : str, optional
        The address: ``https:``, ``http:``, ``mailto:``, ``tel:``, or relative to the page. The page shows only the text
        of any other link, such as ``javascript:``.
    app : str, optional
        The name of an app, instead of ``url``. See `nbsession.go_app`.
    new_window : bool
        Whether it opens in a new window.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError
        If not exactly one of ``url`` and ``app`` is given.
    SessionException
        If ``app`` is given outside of an app.

    Examples
    --------
    >>> from nbsession.output import put_link
    >>> put_link("Jupyter", "https://jupyter.org", new_window=True)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_link``.
    """
    return show("put_link", scope, position, _link, name, url, app, new_window=new_window)


def _link(name: str, url: str | None = None, app: str | None = None, *, new_window: bool = False) -> Content:
    if (url is None) == (app is None):
        msg = "put_link() expects either url or app"
        raise TypeError(msg)
    fields = {"text": str(name), "new_window": bool(new_window)}
    if app is None:
        return Content("link", {**fields, "href": str(url)})
    session = current_session()
    if session.app is None:
        msg = "put_link() with app= opens another app of start_server([...]); this code does not belong to an app"
        raise SessionException(msg)
    return Content("link", {**fields, "href": None}, called=partial(_go, session, app, new_window))


def _go(session: Session, name: str, new_window: bool, _value: object) -> None:
    if session.app is not None:
        session.app.host.go(session, name, new_window=new_window)
