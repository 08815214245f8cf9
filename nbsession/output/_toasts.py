"""``toast``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from nbsession._core.brief import BRIEF
from nbsession._core.current import current_session
from nbsession._core.values import encode_output

from ._calling import calling

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

_COLORS = ("info", "error", "warn", "success")
_HEX = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?")
_POSITIONS = ("left", "center", "right")
_LONGEST = 24 * 3600.0


def toast(
    content: str,
    duration: float = 2,
    position: Literal["left", "center", "right"] = "center",
    color: str = "info",
    onclick: Callable[[], object] | None = None,
) -> None:
    """Show a message at the top of the page for a short time.

    Parameters
    ----------
    content : str
        The text.
    duration : float
        How long it is shown, in seconds. With 0, it stays until the reader closes it.
    position : {'left', 'center', 'right'}
        Its place.
    color : str
        ``'info'``, ``'success'``, ``'warn'``, ``'error'``, or a colour such as ``'#2188ff'``.
    onclick : callable, optional
        Called without arguments when the reader clicks it. A coroutine function is awaited.

    Raises
    ------
    ValueError
        If an argument is invalid.

    Examples
    --------
    >>> from nbsession.output import put_text, toast
    >>> toast("New messages", color="#2188ff", onclick=lambda: put_text("Hello"))  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.toast``.
    """
    __tracebackhide__ = True
    with BRIEF:
        _check(duration, position, color, onclick)
        session = current_session()
        session.check_open()
        fields: dict[str, Any] = {
            "text": str(content),
            "duration": min(float(duration), _LONGEST),
            "position": position,
            "color": color,
            "callback": None if onclick is None else _pressed(session, onclick),
        }
        session.delivery.run(encode_output(("toast",), fields))


def _check(duration: object, position: object, color: object, onclick: object) -> None:
    if isinstance(duration, bool) or not isinstance(duration, (int, float)) or not duration >= 0:
        msg = f"toast() expects duration to be a number of seconds, not {duration!r:.80}"
        raise ValueError(msg)
    if position not in _POSITIONS:
        msg = (
            f"toast() expects position to be one of {', '.join(map(repr, _POSITIONS))}, not {position!r:.80}"
        )
        raise ValueError(msg)
    if color not in _COLORS and not (isinstance(color, str) and _HEX.fullmatch(color)):
        known = ", ".join(map(repr, _COLORS))
        msg = f"toast() expects color to be one of {known}, or a colour such as '#2188ff', not {color!r:.80}"
        raise ValueError(msg)
    if onclick is not None and not callable(onclick):
        msg = f"toast() expects onclick to be a function, not {type(onclick).__name__}: {onclick!r:.80}"
        raise TypeError(msg)


def _pressed(session: Session, onclick: Callable[[], object]) -> int:
    """Register a function that is forgotten when the message has gone."""

    def gone(pressed: object) -> object:
        callbacks.remove(number)
        return onclick() if pressed is True else None

    callbacks = session.callbacks
    number = callbacks.add(calling(session, gone))
    return number
