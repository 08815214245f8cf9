"""The options of ``put_markdown``: those of marked.js, which the original has, and those of markdown-it-py."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

from nbsession._core.calling_code import caller_depth

_MARKDOWN_IT = {"html", "xhtmlOut", "breaks", "langPrefix", "linkify", "typographer", "quotes", "maxNesting"}
_MARKED = {"smartypants": "typographer", "xhtml": "xhtmlOut"}
"""Options of marked.js that have another name in markdown-it-py."""
_AS_FALSE = {"async", "headerIds", "mangle", "pedantic", "silent"}
"""Those whose False is what happens in any case."""


class MarkdownOptions(NamedTuple):
    """How Markdown is rendered.

    Attributes
    ----------
    parser : dict
        Options of markdown-it-py.
    github : bool
        Whether there are GitHub's extensions: tables, strikethrough, addresses as links.
    links : bool
        Whether addresses in the text are links.
    """

    parser: dict[str, Any]
    github: bool
    links: bool


def markdown_options(options: Mapping[str, Any] | None) -> MarkdownOptions:
    """Return what the options mean. A warning names those that have no effect."""
    given: object = {} if options is None else options
    if not isinstance(given, Mapping):
        msg = f"put_markdown() expects options to be a dict, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    parser: dict[str, Any] = {"html": True}
    ignored = []
    for name, value in given.items():
        if name in _MARKED:
            parser[_MARKED[name]] = value
        elif name in _MARKDOWN_IT:
            parser[name] = value
        elif name not in {"gfm", "sanitize"} and not (name in _AS_FALSE and value is False):
            ignored.append(repr(name))
    if ignored:
        names = ", ".join(ignored)
        warnings.warn(f"put_markdown() ignores the options {names}", stacklevel=caller_depth())
    if given.get("sanitize"):  # of marked.js before version 1: it shows HTML as text
        parser["html"] = False
    github = bool(given.get("gfm", True))
    return MarkdownOptions(parser, github, bool(parser.pop("linkify", github)))
