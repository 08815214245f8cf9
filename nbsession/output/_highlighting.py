"""Source code as HTML with a class for each kind of token; the page's stylesheet has JupyterLab's colours for them."""

from __future__ import annotations

from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

PREFIX = "nbs-"
# Longer text is not highlighted: it takes too long.
_MOST = 200_000

_formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True, classprefix=PREFIX)


def highlighted(content: str, language: str) -> str:
    """Return ``content`` as HTML; without highlighting if pygments does not know the language."""
    if language and len(content) <= _MOST:
        try:
            lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
        except ClassNotFound:
            pass
        else:
            return highlight(content, lexer, _formatter)
    return escape(content)
