"""``popup`` and ``close_popup``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession._core.brief import BRIEF
from nbsession._core.tree import ROOT

from ._constants import PopupSize, Size
from ._content import Content
from ._nested import Nested, nested
from ._placement import Place, showing_session
from ._shown import show_at

if TYPE_CHECKING:
    from ._output import Output

_SIZES = (PopupSize.LARGE, PopupSize.NORMAL, PopupSize.SMALL)
_NAME = "popup"


def popup(
    title: str,
    content: Nested | None = None,
    size: Size = PopupSize.NORMAL,
    implicit_close: bool = True,
    closable: bool = True,
) -> Output:
    """Show a dialog over the output. A dialog that is already shown is closed.

    Parameters
    ----------
    title : str
        The title.
    content : str, Output, or list of them
        The content.
    size : {'large', 'normal', 'small'}
        The width.
    implicit_close : bool
        Whether a click beside it closes it.
    closable : bool
        Whether the reader can close it, with its button or Escape. Otherwise only `close_popup` does.

    Returns
    -------
    Output
        ``remove()`` closes it, ``update(...)`` changes it. As a context manager, it takes the outputs of the ``with``
        block, and returns the name of a scope for further outputs. The dialog stays open after the block.

    Raises
    ------
    ValueError
        If the size is unknown.

    Examples
    --------
    >>> from nbsession.output import close_popup, popup, put_button, put_text
    >>> with popup("Really?"):  # doctest: +SKIP
    ...     put_text("The file will be deleted.")
    ...     put_button("Delete", onclick=close_popup)

    Notes
    -----
    Corresponds to ``pywebio.output.popup``.
    """
    __tracebackhide__ = True
    with BRIEF:
        place = Place(showing_session("popup"), ROOT, -1)
        return show_at(
            "popup",
            place,
            _popup,
            title,
            content,
            size,
            implicit_close,
            closable,
            known_as=_NAME,
            others="go",
        )


def _popup(
    title: str,
    content: Nested | None = None,
    size: Size = PopupSize.NORMAL,
    implicit_close: bool = True,
    closable: bool = True,
) -> Content:
    if size not in _SIZES:
        msg = f"popup() expects size to be one of {', '.join(map(repr, _SIZES))}, not {size!r:.80}"
        raise ValueError(msg)
    fields = {
        "title": str(title),
        "size": size,
        "implicit_close": bool(implicit_close),
        "closable": bool(closable),
    }
    inner = nested(() if content is None else content)
    return Content("popup", fields, inner, container=True, closable=bool(closable))


def close_popup() -> None:
    """Close the dialog that `popup` has shown, if there is one.

    Examples
    --------
    >>> from nbsession.output import close_popup
    >>> close_popup()  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.close_popup``.
    """
    __tracebackhide__ = True
    with BRIEF:
        outputs = showing_session("close_popup").outputs
        key = outputs.named("popup", _NAME)
        if key is not None:
            outputs.remove(key)
