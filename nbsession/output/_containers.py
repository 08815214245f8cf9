"""Outputs that contain others: ``put_collapse``, ``put_scrollable`` and ``put_tabs``."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbsession._core.brief import BRIEF_INNER

from ._content import Content
from ._nested import Nested, nested
from ._output import Output
from ._shown import show

if TYPE_CHECKING:
    from ._placement import Scope

_UNSET: Any = object()
_LIMITS = 2  # the least and the greatest height
_MOST = 1e6


def put_collapse(
    title: str,
    content: Nested = (),
    open: bool = False,  # noqa: A002 -- the original's name
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show content below a title that the reader opens and closes.

    Parameters
    ----------
    title : str
        The title.
    content : str, Output, or list of them
        The content.
    open : bool
        Whether it is open at first.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it. As a context manager, it takes the outputs of the ``with`` block.

    Examples
    --------
    >>> from nbsession.output import put_collapse, put_text
    >>> with put_collapse("Details", open=True):  # doctest: +SKIP
    ...     put_text("all of them")

    Notes
    -----
    Corresponds to ``pywebio.output.put_collapse``.
    """
    return show("put_collapse", scope, position, _collapse, title, content, open=open)


def _collapse(title: str, content: Nested = (), *, open: bool = False) -> Content:  # noqa: A002
    fields = {"title": str(title), "open": bool(open)}
    return Content("collapse", fields, nested(content), container=True)


def put_scrollable(
    content: Nested = (),
    height: int | tuple[int, int] | None = 400,
    keep_bottom: bool = False,
    border: bool = True,
    scope: Scope = None,
    position: int = -1,
    *,
    max_height: int | None = _UNSET,
) -> Output:
    """Show content in an area that scrolls.

    Parameters
    ----------
    content : str, Output, or list of them
        The content.
    height : int, (int, int), or None
        The height in pixels; or the least and the greatest height; None for no limit.
    keep_bottom : bool
        Whether the area shows its end when content is added. It does not while the reader has scrolled up.
    border : bool
        Whether it has a border.
    scope, position
        See `put_text`.
    max_height : int
        Deprecated: use ``height``.

    Returns
    -------
    Output
        A handle to update and remove it. As a context manager, it takes the outputs of the ``with`` block.

    Raises
    ------
    ValueError
        If the height is invalid.

    Examples
    --------
    >>> from nbsession.output import put_scope, put_scrollable, put_text
    >>> put_scrollable(put_scope("log"), height=200, keep_bottom=True)  # doctest: +SKIP
    >>> put_text("a line", scope="log")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_scrollable``.
    """
    with BRIEF_INNER:
        if max_height is not _UNSET:
            warnings.warn(
                "put_scrollable(): max_height is deprecated, use height", DeprecationWarning, stacklevel=2
            )
            height = max_height
        return show(
            "put_scrollable",
            scope,
            position,
            _scrollable,
            content,
            height=height,
            keep_bottom=keep_bottom,
            border=border,
        )


def _scrollable(
    content: Nested = (),
    *,
    height: int | tuple[int, int] | None = 400,
    keep_bottom: bool = False,
    border: bool = True,
) -> Content:
    limits = list(height) if isinstance(height, (list, tuple)) else [height, height]
    if len(limits) != _LIMITS:
        msg = f"put_scrollable() expects height to be a number of pixels, two of them or None, not {height!r:.80}"
        raise ValueError(msg)
    fields = {
        "least": _pixels(limits[0]),
        "height": _pixels(limits[1]),
        "keep_bottom": bool(keep_bottom),
        "border": bool(border),
    }
    return Content("scrollable", fields, nested(content), container=True)


def _pixels(height: object) -> str:
    if height is None:
        return ""
    if isinstance(height, bool) or not isinstance(height, (int, float)) or not 0 <= height < _MOST:
        msg = f"put_scrollable() expects height to be a number of pixels, two of them or None, not {height!r:.80}"
        raise ValueError(msg)
    return f"{height}px"


def put_tabs(tabs: Sequence[Mapping[str, Any]], scope: Scope = None, position: int = -1) -> Output:
    """Show content in tabs.

    Parameters
    ----------
    tabs : list of dict
        A dict for each tab: ``{"title": ..., "content": ...}``. The content is a str, the return value of a ``put_...``
        function, or a list of them.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError, ValueError
        If ``tabs`` is not a list of such dicts.

    Examples
    --------
    >>> from nbsession.output import put_markdown, put_tabs
    >>> put_tabs(
    ...     [{"title": "A", "content": "a"}, {"title": "B", "content": put_markdown("*b*")}]
    ... )  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_tabs``.
    """
    return show("put_tabs", scope, position, _tabs, tabs)


def _tabs(tabs: Sequence[Mapping[str, Any]]) -> Content:
    for tab in tabs:
        given: object = tab
        if not isinstance(given, Mapping):
            msg = f"put_tabs() expects a dict for each tab, not {type(given).__name__}: {given!r:.80}"
            raise TypeError(msg)
        missing = [name for name in ("title", "content") if name not in given]
        if missing:
            msg = f"put_tabs() expects each tab to have a title and content; missing: {', '.join(missing)}"
            raise ValueError(msg)
    described: list[dict[str, Any]] = []
    inner: list[Output] = []
    for tab in tabs:
        content = nested(tab["content"])
        slots = list(range(len(inner), len(inner) + len(content)))
        described.append({"title": str(tab["title"]), "slots": slots})
        inner += content
    return Content("tabs", {"tabs": described}, inner)
