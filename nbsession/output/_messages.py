"""``put_info``, ``put_success``, ``put_warning`` and ``put_error``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._content import Content
from ._nested import nested
from ._shown import show

if TYPE_CHECKING:
    from ._output import Output
    from ._placement import Scope


def put_info(*contents: object, closable: bool = False, scope: Scope = None, position: int = -1) -> Output:
    """Show a message in a box.

    Parameters
    ----------
    *contents : Output or object
        What it says: return values of ``put_...`` functions. Anything else is shown as text.
    closable : bool
        Whether the reader can close it.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it. As a context manager, it takes the outputs of the ``with`` block.

    Examples
    --------
    >>> from nbsession.output import put_info, put_markdown
    >>> put_info("Saved.", put_markdown("*Twice*, in fact."), closable=True)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_info``.
    """
    return show("put_info", scope, position, _message, *contents, level="info", closable=closable)


def put_success(*contents: object, closable: bool = False, scope: Scope = None, position: int = -1) -> Output:
    """Show a message that something has succeeded. See `put_info`.

    Parameters
    ----------
    *contents, closable, scope, position
        See `put_info`.

    Returns
    -------
    Output
        See `put_info`.

    Examples
    --------
    >>> from nbsession.output import put_success
    >>> put_success("Uploaded.")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_success``.
    """
    return show("put_success", scope, position, _message, *contents, level="success", closable=closable)


def put_warning(*contents: object, closable: bool = False, scope: Scope = None, position: int = -1) -> Output:
    """Show a warning. See `put_info`.

    Parameters
    ----------
    *contents, closable, scope, position
        See `put_info`.

    Returns
    -------
    Output
        See `put_info`.

    Examples
    --------
    >>> from nbsession.output import put_warning
    >>> put_warning("The disk is almost full.")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_warning``.
    """
    return show("put_warning", scope, position, _message, *contents, level="warning", closable=closable)


def put_error(*contents: object, closable: bool = False, scope: Scope = None, position: int = -1) -> Output:
    """Show a message that something has failed. See `put_info`.

    Parameters
    ----------
    *contents, closable, scope, position
        See `put_info`.

    Returns
    -------
    Output
        See `put_info`.

    Examples
    --------
    >>> from nbsession.output import put_error
    >>> put_error("There is no such file.")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_error``.
    """
    return show("put_error", scope, position, _message, *contents, level="error", closable=closable)


def _message(*contents: object, level: str, closable: bool = False) -> Content:
    fields = {"level": level, "closable": bool(closable)}
    return Content("message", fields, nested(contents), container=True, closable=bool(closable))
