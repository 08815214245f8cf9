"""``put_progressbar`` and ``set_progressbar``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession._core.brief import BRIEF

from ._content import Content
from ._output import Output
from ._placement import find, showing_session
from ._shown import show_at

if TYPE_CHECKING:
    from ._placement import Scope


def put_progressbar(
    name: str,
    init: float = 0,
    label: str | None = None,
    auto_close: bool = False,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show a progress bar.

    Parameters
    ----------
    name : str
        The name for ``set_progressbar``. If several bars have the same name, it refers to the latest.
    init : float
        The initial value, from 0 to 1.
    label : str, optional
        The bar's text; by default the percentage.
    auto_close : bool
        Remove it when it reaches 1.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        ``update(init=0.5)`` moves it, ``remove()`` removes it.

    Examples
    --------
    >>> from nbsession.output import put_progressbar, set_progressbar
    >>> put_progressbar("bar")  # doctest: +SKIP
    >>> for i in range(1, 11):  # doctest: +SKIP
    ...     set_progressbar("bar", i / 10)

    Notes
    -----
    Corresponds to ``pywebio.output.put_progressbar``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given: object = name
        if not isinstance(given, str) or not given:
            msg = f"put_progressbar() expects a name, not {given!r:.80}"
            raise ValueError(msg)
        place = find("put_progressbar", scope, position)
        return show_at(
            "put_progressbar",
            place,
            _bar,
            init=init,
            label=label,
            called=name,
            auto_close=auto_close,
            known_as=name,
        )


def _bar(init: float = 0, *, label: str | None = None, called: str = "", auto_close: bool = False) -> Content:
    fields = {
        "value": _share("put_progressbar", init),
        "label": None if label is None else str(label),
        "name": called,
        "auto_close": bool(auto_close),
    }
    return Content("progress", fields)


def set_progressbar(name: str, value: float, label: str | None = None) -> None:
    """Set the value of a progress bar.

    Parameters
    ----------
    name : str
        The name that was passed to ``put_progressbar``.
    value : float
        The value, from 0 to 1.
    label : str, optional
        The bar's new text.

    Raises
    ------
    ValueError
        If there has never been a bar of that name, or ``value`` is not between 0 and 1. A call for a bar that was
        removed has no effect.

    Examples
    --------
    >>> from nbsession.output import set_progressbar
    >>> set_progressbar("bar", 0.5)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.set_progressbar``.
    """
    __tracebackhide__ = True
    with BRIEF:
        session = showing_session("set_progressbar")
        share = _share("set_progressbar", value)
        key = session.outputs.named("progress", name)
        if key is None:
            msg = (
                f"set_progressbar(): this session has no progress bar {name!r}; "
                f"create it with put_progressbar({name!r})"
            )
            raise ValueError(msg)
        if share == 1 and session.outputs.field(key, "auto_close"):
            session.outputs.remove(key)
            return
        session.outputs.update(key, value=share, **({} if label is None else {"label": str(label)}))


def _share(function: str, value: object) -> float:
    try:
        share = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        share = -1.0
    if not 0 <= share <= 1:
        msg = f"{function}() expects a number from 0 to 1, not {value!r:.80}"
        raise ValueError(msg)
    return share
