"""The constants of ``pywebio.output``."""

from __future__ import annotations

from typing import Final, Literal


class PopupSize:
    """The sizes of a popup.

    Examples
    --------
    >>> from nbsession.output import PopupSize
    >>> PopupSize.SMALL
    'small'
    """

    LARGE: Final = "large"
    NORMAL: Final = "normal"
    SMALL: Final = "small"


class Position:
    """The places to which ``scroll_to`` scrolls.

    Examples
    --------
    >>> from nbsession.output import Position
    >>> Position.BOTTOM
    'bottom'
    """

    TOP: Final = "top"
    MIDDLE: Final = "middle"
    BOTTOM: Final = "bottom"


class OutputPosition:
    """The positions of an output in its scope.

    Examples
    --------
    >>> from nbsession.output import OutputPosition
    >>> OutputPosition.BOTTOM
    -1
    """

    TOP: Final = 0
    BOTTOM: Final = -1


Size = Literal["large", "normal", "small"]
