"""Formulas on a served page: KaTeX typesets them, and is loaded for the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession import eval_js, hold
from nbsession.output import popup, put, put_markdown, put_text

if TYPE_CHECKING:
    from .conftest import Serve
    from .window import Open

LOADED = "performance.getEntriesByType('resource').some(each => each.name.includes('katex'))"
FONTS = """
document.fonts.ready.then(fonts => [...new Set(
    [...fonts].filter(font => font.status === "loaded").map(font => font.family)
)].sort())
"""


class Sum:
    """What displays itself as a formula, like those of sympy."""

    def _repr_latex_(self) -> str:
        return r"$\displaystyle \sum_{n=1}^\infty \frac{1}{n^2}$"


def test_they_are_typeset_wherever_they_are(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_markdown("costs $5 and $6")
        put_text(f"loaded: {eval_js(LOADED)}")
        put_markdown(r"line $x^2$ and" + "\n\n" + r"$$\mathbb{R}$$")
        put(Sum())
        popup("Title", put_markdown(r"$\frac{a}{b}$"))
        hold()

    page = open_page(serve(app).url)
    page.get_by_role("dialog").locator(".katex").wait_for()
    assert page.locator(".katex").count() == 4
    assert page.locator(".katex-error").count() == 0
    assert page.get_by_text("loaded: False").count() == 1
    assert page.get_by_text("costs $5 and $6", exact=True).count() == 1
    assert {"KaTeX_AMS", "KaTeX_Main", "KaTeX_Math", "KaTeX_Size2"} <= set(page.evaluate(FONTS))


def test_they_run_no_scripts(serve: Serve, open_page: Open) -> None:
    commands = [
        r"\href{javascript:alert(1)}{a}",
        r"\htmlData{commandlinker-command=x}{a}",
        r"\includegraphics{https://example.org/a.png}",
        r"\text{<img src=x onerror=alert(1)>}",
    ]

    def app() -> None:
        for each in commands:
            put_markdown(f"${each}$")
        hold()

    page = open_page(serve(app).url, init="window.alert = () => { window.ran = true; }")
    page.locator(".katex").nth(len(commands) - 1).wait_for()
    markdown = page.locator(".nbsession-markdown")
    assert markdown.locator("a, img, script, [id], [data-commandlinker-command]").count() == 0
    assert page.evaluate("window.ran") is None
