"""``put_markdown``."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from ._content import Content
from ._highlighting import highlighted
from ._output import Output
from ._shown import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._placement import Scope


def put_markdown(
    mdcontent: str,
    lstrip: bool = True,
    options: Mapping[str, Any] | None = None,
    sanitize: bool = True,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show Markdown.

    Parameters
    ----------
    mdcontent : str
        The Markdown: CommonMark, with tables and strikethrough. Code blocks are highlighted.
    lstrip : bool
        Remove the common indentation of all lines except the first, as for docstrings.
    options : dict, optional
        Options of markdown-it-py: ``html``, ``breaks``, ``typographer``, ... With ``{'html': True}``, HTML in the text
        is rendered. Otherwise it is shown as plain text.
    sanitize : bool
        Show only text, links and images with their formatting. Relevant only with ``html``: without ``sanitize``,
        scripts in the HTML run.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Examples
    --------
    >>> from nbsession.output import put_markdown
    >>> put_markdown("**bold** and `code`")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_markdown``, which renders sanitised HTML by default, and whose ``options`` are
    those of marked.js.
    """
    return show(
        "put_markdown",
        scope,
        position,
        _markdown,
        mdcontent,
        lstrip=lstrip,
        options=options,
        sanitize=sanitize,
    )


def _markdown(
    mdcontent: str, *, lstrip: bool = True, options: Mapping[str, Any] | None = None, sanitize: bool = True
) -> Content:
    given: object = mdcontent
    if not isinstance(given, str):
        msg = f"put_markdown() expects Markdown as a str, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    text = inspect.cleandoc(mdcontent) if lstrip else mdcontent
    return Content("markdown", {"html": render(text, options), "sanitize": bool(sanitize)})


def render(text: str, options: Mapping[str, Any] | None = None) -> str:
    """Return Markdown as HTML."""
    chosen = {"html": False, "linkify": False, **(options or {}), "highlight": _highlight}
    rendered: str = MarkdownIt("js-default", chosen).render(text)
    return rendered


def _highlight(content: str, language: str, _attributes: str) -> str:
    return highlighted(content, language)
