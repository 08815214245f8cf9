"""``put_progressbar`` and ``set_progressbar``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession._core.brief import BRIEF

from ._placement import find, showing_session
from ._shown import Content, Output, show_at

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
        What ``set_progressbar`` finds it by. Of several with the same name it is the latest.
    init : float
        How far it is: 0 to 1.
    label : str, optional
        What stands on it; the percentage if there is none.
    auto_close : bool
        Remove it when it reaches 1.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        ``update(init=0.5)`` moves it, ``remove()`` takes it away.

    Examples
    --------
    >>> from nbsession.output import put_progressbar, set_progressbar
    >>> put_progressbar("bar")  # doctest: +SKIP
    >>> for i in range(1, 11):  # doctest: +SKIP
    ...     set_progressbar("bar", i / 10)

    Notes
    -----
    The original's ``pywebio.output.put_progressbar``.
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
    """Say how far a progress bar is.

    Parameters
    ----------
    name : str
        The name that it was put with.
    value : float
        How far it is: 0 to 1.
    label : str, optional
        What stands on it from now on.

    Raises
    ------
    ValueError
        If there has been no bar of that name, or ``value`` is not between 0 and 1. For a bar that was removed nothing
        happens.

    Examples
    --------
    >>> from nbsession.output import set_progressbar
    >>> set_progressbar("bar", 0.5)  # doctest: +SKIP

    Notes
    -----
    The original's ``pywebio.output.set_progressbar``.
    """
    __tracebackhide__ = True
    with BRIEF:
        session = showing_session("set_progressbar")
        share = _share("set_progressbar", value)
        key = session.outputs.named("progress", name)
        if key is None:
            msg = f"set_progressbar(): this session has no progress bar {name!r}; put_progressbar({name!r}) makes it"
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
