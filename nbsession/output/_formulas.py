"""Formulas in Markdown. Their text goes to the page as text, between TeX's delimiters, and the page typesets it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from mdit_py_plugins.amsmath import amsmath_block, amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    Rule = Callable[[StateInline, bool], bool]

# The search for the end of each may reach the end of the text.
_MOST_UNCLOSED = 100
_BRACKETS = {r"\\(": (r"\\)", "math_inline"), r"\\[": (r"\\]", "math_inline_double")}


def formulas_plugin(markdown: MarkdownIt) -> None:
    r"""Recognize ``$...$``, ``$$...$$``, environments of amsmath, and, as JupyterLab, ``\\(...\\)`` and ``\\[...\\]``.

    Amounts of money are no formulas: no digit follows the second ``$``, and no space precedes it.
    """
    dollarmath_plugin(markdown, allow_labels=False)
    dollars = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)
    markdown.inline.ruler.at("math_inline", _from_the_start(dollars))
    markdown.inline.ruler.before("escape", "math_bracket", _bracketed)
    markdown.block.ruler.before("fence", "math_bracket_block", _bracketed_block)
    amsmath_plugin(markdown)
    markdown.block.ruler.at(
        "amsmath", _environment, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    inline = '<span class="tex-formula">{}</span>'.format
    block = '<div class="tex-formula">{}</div>\n'.format
    for kind, form, left, right in (
        ("math_inline", inline, r"\(", r"\)"),
        ("math_inline_double", inline, r"\[", r"\]"),
        ("math_block", block, r"\[", r"\]"),
        ("amsmath", block, "", ""),
    ):
        markdown.add_render_rule(kind, _renderer(form, left, right))


def _renderer(form: Callable[[str], str], left: str, right: str) -> Callable[..., str]:
    def render(_renderer: object, tokens: Sequence[Token], index: int, *_: Any) -> str:
        return form(escape(left + tokens[index].content.strip() + right))

    return render


def _from_the_start(rule: Rule) -> Rule:
    """Apply a rule that takes the last character for the one in front of the first: a digit there would stop it."""

    def apply(state: StateInline, silent: bool) -> bool:
        if state.pos:
            return rule(state, silent)
        source, end = state.src, state.posMax
        state.src, state.pos, state.posMax = f" {source}", 1, end + 1
        try:
            return rule(state, silent)
        finally:
            state.src, state.pos, state.posMax = source, state.pos - 1, end

    return apply


def _gave_up(env: MutableMapping[str, Any]) -> bool:
    return bool(env.get("unclosed", 0) >= _MOST_UNCLOSED)


def _unclosed(env: MutableMapping[str, Any]) -> bool:
    env["unclosed"] = env.get("unclosed", 0) + 1
    return False


def _environment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    begins = state.src.startswith(r"\begin{", state.bMarks[start] + state.tShift[start])
    if not begins or _gave_up(state.env):
        return False
    return amsmath_block(state, start, end, silent) or _unclosed(state.env)


def _bracketed(state: StateInline, silent: bool) -> bool:
    left = state.src[state.pos : state.pos + 3]
    if left not in _BRACKETS or _gave_up(state.env):
        return False
    right, kind = _BRACKETS[left]
    end = state.src.find(right, state.pos + 3, state.posMax)
    content = state.src[state.pos + 3 : end]
    if end < 0 or not content.strip():
        return _unclosed(state.env)
    if not silent:
        token = state.push(kind, "math", 0)
        token.content = content
        token.markup = left
    state.pos = end + 3
    return True


def _bracketed_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""Recognize ``\\[...\\]`` on lines of its own, even if one of them could begin a list or a heading."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(r"\\[", begin) or state.is_code_block(start) or _gave_up(state.env):
        return False
    last, close = start, -1
    while last < end and close < 0:
        close = state.src.find(r"\\]", begin, state.eMarks[last])
        begin = state.eMarks[last]
        last += 1
    if close < 0 or state.src[close + 3 : begin].strip():
        return _unclosed(state.env)
    if silent:
        return True
    lines = state.getLines(start, last, state.blkIndent, keepLastLF=False).strip()
    token = state.push("math_block", "math", 0)
    token.block = True
    token.content = lines[3:-3]
    token.markup = r"\\["
    token.map = [start, last]
    state.line = last
    return True
