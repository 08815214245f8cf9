"""``info`` as a table, for a prompt and for the end of a cell."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from nbsession._core.current import current_session
from nbsession.exceptions import SessionException

if TYPE_CHECKING:
    from ._info import Info

# In this order. Without `request`: a server's request contains the reader's cookies.
_WITHOUT_PAGE = ("user", "backend", "protocol", "notebook", "binder")
_FROM_PAGE = (
    "user_agent",
    "user_language",
    "user_ip",
    "frontend",
    "timezone",
    "screen",
    "dark_mode",
    "url",
    "query",
    "origin",
    "server_host",
    "transport",
)


def rows(info: Info, *, wait: bool) -> tuple[list[tuple[str, str]], str]:
    """Return names and values, and the reason why some of them are missing.

    Parameters
    ----------
    info : Info
        The object itself.
    wait : bool
        Wait for the page, if none has attached yet. Otherwise values of the page are omitted.
    """
    try:
        known = [(name, str(getattr(info, name))) for name in _WITHOUT_PAGE]
        if not wait and current_session().delivery.unattached:
            return known, "no page has attached yet"
    except SessionException as error:
        return [], str(error)
    try:
        return [*((name, str(getattr(info, name))) for name in _FROM_PAGE), *known], ""
    except SessionException as error:
        return known, str(error)


def as_text(found: list[tuple[str, str]], missing: str) -> str:
    """Return a line for each value."""
    width = max((len(name) for name, _ in found), default=0)
    lines = [f"{name:{width}}  {value}" for name, value in found]
    return "\n".join([*lines, *([f"({missing})"] if missing else [])])


def as_html(found: list[tuple[str, str]], missing: str) -> str:
    """Return a table with a row for each value."""
    cells = (
        f"<tr><th scope='row' style='text-align:left'>{escape(name)}</th>"
        f"<td style='text-align:left'>{escape(value)}</td></tr>"
        for name, value in found
    )
    note = f"<p>{escape(missing)}</p>" if missing else ""
    return f"<table><tbody>{''.join(cells)}</tbody></table>{note}"
