"""``put_loading``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ._buttons import COLORS
from ._content import Content
from ._shown import show

if TYPE_CHECKING:
    from ._output import Output
    from ._placement import Scope


def put_loading(
    shape: Literal["border", "grow"] = "border", color: str = "dark", scope: Scope = None, position: int = -1
) -> Output:
    """Show that something takes time.

    Parameters
    ----------
    shape : {'border', 'grow'}
        A ring that turns, or a dot that grows.
    color : str
        The colour: ``'primary'``, ``'secondary'``, ``'success'``, ``'danger'``, ``'warning'``, ``'info'``, ``'light'``
        or ``'dark'``.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        ``remove()`` removes it. As a context manager, it takes the outputs of the ``with`` block, and is removed with
        them at its end.

    Raises
    ------
    ValueError
        If the shape or the colour is unknown.

    Examples
    --------
    >>> from nbsession.output import put_loading, put_text
    >>> with put_loading():  # doctest: +SKIP
    ...     put_text("reading ...")

    Notes
    -----
    Corresponds to ``pywebio.output.put_loading``. ``.style('width: 4rem; height: 4rem')`` sets its size.
    """
    return show("put_loading", scope, position, _loading, shape, color)


def _loading(shape: str = "border", color: str = "dark") -> Content:
    for name, value, known in (("shape", shape, ("border", "grow")), ("color", color, COLORS)):
        if value not in known:
            msg = (
                f"put_loading() expects {name} to be one of {', '.join(map(repr, known))}, not {value!r:.80}"
            )
            raise ValueError(msg)
    return Content("loading", {"shape": shape, "color": color}, container=True, passing=True)
