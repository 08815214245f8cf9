"""``put_markdown``."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from nbsession._core.brief import BRIEF_INNER

from ._content import Content
from ._formulas import formulas_plugin
from ._highlighting import highlighted
from ._markdown_options import markdown_options
from ._output import Output
from ._shown import show

if TYPE_CHECKING:
    from ._placement import Scope

_UNSET: Any = object()
_OF_GITHUB = ["table", "strikethrough"]


def put_markdown(
    mdcontent: str,
    lstrip: bool = True,
    options: Mapping[str, Any] | None = None,
    sanitize: bool = True,
    scope: Scope = None,
    position: int = -1,
    *,
    strip_indent: object = _UNSET,
) -> Output:
    r"""Show Markdown.

    Parameters
    ----------
    mdcontent : str
        The Markdown: CommonMark, with tables, strikethrough, task lists (``- [x] done``), and addresses as links. Code
        blocks are highlighted.
        Formulas are typeset: ``$x^2$`` in a line, ``$$x^2$$`` centered, and environments such as
        ``\begin{align}``. ``\$`` is a dollar sign; amounts such as ``$5 and $6`` are no formulas.
    lstrip : bool
        Remove the common indentation of all lines except the first, as for docstrings.
    options : dict, optional
        Options of marked.js: ``breaks`` (a line's end is a line break; by default true), ``gfm`` (by default true;
        false for CommonMark alone), ``smartypants``, ...; and of markdown-it-py: ``html``, ``typographer``,
        ``linkify``, ... With ``{'html': False}``, HTML in the text is shown as plain text. A warning names options
        that have no effect.
    sanitize : bool
        Show only text, links and images with their formatting. If false, HTML in the text is rendered as it is, and
        its scripts run.
    scope, position
        See `put_text`.
    strip_indent
        Deprecated, and without effect: see ``lstrip``.

    Returns
    -------
    Output
        A handle to update and remove it.

    Examples
    --------
    >>> from nbsession.output import put_markdown
    >>> put_markdown("**bold** and `code`")  # doctest: +SKIP
    >>> put_markdown(r"The area is $\frac{1}{2} r^2 \varphi$.")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_markdown``, which typesets no formulas. JupyterLab typesets them with its own
    typesetter, other pages with KaTeX.
    """
    with BRIEF_INNER:
        if strip_indent is not _UNSET:
            warnings.warn("put_markdown(): strip_indent is deprecated", DeprecationWarning, stacklevel=2)
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
    if options is None or isinstance(options, Mapping):
        options = {"breaks": True, **(options or {})}
    return Content("markdown", {"html": render(text, options), "sanitize": bool(sanitize)})


def render(text: str, options: Mapping[str, Any] | None = None) -> str:
    """Return Markdown as HTML."""
    parser, github, links = markdown_options(options)
    markdown = MarkdownIt("js-default", {**parser, "highlight": _highlight})
    markdown.use(formulas_plugin)
    if github:
        markdown.use(tasklists_plugin, label=True)
    else:
        markdown.disable(_OF_GITHUB)
    if links:
        markdown.use(gfm_autolink_plugin)
    rendered: str = markdown.render(text)
    return rendered


def _highlight(content: str, language: str, _attributes: str) -> str:
    return highlighted(content, language)
