r"""Formulas in rendered Markdown.

The page gets them as TeX between ``\(`` and ``\)``. Front ends that show files typeset what is between dollars.
"""

from __future__ import annotations

_OPENS = (('<span class="tex-formula">', "</span>"), ('<div class="tex-formula">', "</div>"))
_DOLLARS = ((r"\(", r"\)", "$"), (r"\[", r"\]", "$$"))
# MathJax typesets what is in an element of this class, whatever is around it: see `IGNORED` of `rendering`.
_TYPESET = "tex-formula tex2jax_process mathjax_process"


def with_dollars(html: str) -> str:
    """Return sanitized HTML with dollars as the delimiters of formulas."""
    for opens, closes in _OPENS:
        if opens in html:
            first, *others = html.split(opens)
            begin = opens.replace("tex-formula", _TYPESET)
            html = first + "".join(begin + _formula(each, closes) for each in others)
    return html


def _formula(html: str, closes: str) -> str:
    formula, end, rest = html.partition(closes)
    for left, right, dollar in _DOLLARS:
        if formula.startswith(left) and formula.endswith(right):
            formula = f"{dollar}{formula[len(left) : -len(right)]}{dollar}"
    return formula + end + rest
