"""Markdown: formulas, which the page typesets, and the options of the original."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from nbsession.output import put_markdown

if TYPE_CHECKING:
    from .conftest import Screen


def html(screen: Screen, text: str, **options: object) -> str:
    put_markdown(text, options=options)
    return str(screen.only["html"]).removesuffix("\n")


def written(expected: str) -> str:
    """Return HTML whose formulas are written as ``<m>`` in a line, and ``<d>`` on lines of their own."""
    for short, name in (("m", "span"), ("d", "div")):
        expected = expected.replace(f"<{short}>", f'<{name} class="tex-formula">').replace(
            f"</{short}>", f"</{name}>"
        )
    return expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$x^2$", r"<p><m>\(x^2\)</m></p>"),
        (r"$x$ is 2", r"<p><m>\(x\)</m> is 2</p>"),
        (r"a $x$, $y$", r"<p>a <m>\(x\)</m>, <m>\(y\)</m></p>"),
        (r"a $$x$$ b", r"<p>a <m>\[x\]</m> b</p>"),
        (r"a \\(x\\) b \\[y\\]", r"<p>a <m>\(x\)</m> b <m>\[y\]</m></p>"),
        ("$$\nx\n\n- y\n$$", "<d>\\[x\n\n- y\\]</d>"),
        ("\\\\[\nx\n- y\n\\\\]", "<d>\\[x\n- y\\]</d>"),
        ("> \\\\[\n> x\n> \\\\]", "<blockquote>\n<d>\\[x\\]</d>\n</blockquote>"),
        ("\\begin{align}\na &= b\\\\\n\\end{align}", "<d>\\begin{align}\na &amp;= b\\\\\n\\end{align}</d>"),
        (r"**$a_1$ and $b_1$**", r"<p><strong><m>\(a_1\)</m> and <m>\(b_1\)</m></strong></p>"),
        (r"$\text{\$}$", r"<p><m>\(\text{\$}\)</m></p>"),
    ],
)  # fmt: skip
def test_a_formula_is_marked_for_the_page(screen: Screen, text: str, expected: str) -> None:
    assert html(screen, text) == written(expected)


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $6",
        "$5-$6",
        "$5 or $ 6",
        "from US$5 to CA$7",
        "5$ and 6$",
        "$",
        "$$",
        "$5",
        "a $x",
        "$ x $",
    ],
)
def test_money_is_no_formula(screen: Screen, text: str) -> None:
    assert html(screen, text) == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\$x$", "<p>$x$</p>"),
        (r"\(x\)", "<p>(x)</p>"),
        (r"\\(x", r"<p>\(x</p>"),
        (r"\\\(x\\\)", r"<p>\(x\)</p>"),
        ("`$x$`", "<p><code>$x$</code></p>"),
        ("    $$\n    x\n    $$", "<pre><code>$$\nx\n$$\n</code></pre>"),
        ("    \\\\[\n    x\n    \\\\]", "<pre><code>\\\\[\nx\n\\\\]\n</code></pre>"),
    ],
)
def test_escaped_delimiters_and_code_are_no_formula(screen: Screen, text: str, expected: str) -> None:
    put_markdown(text, lstrip=False)
    assert screen.only["html"].removesuffix("\n") == expected


@pytest.mark.parametrize(
    "form", ["${}$", "$${}$$", r"\\({}\\)", "$$\n{}\n$$", "\\begin{{align}}\n{}\n\\end{{align}}"]
)
@pytest.mark.parametrize(
    "hostile", ["<img src=x onerror=alert(1)>", "</span><script>alert(1)</script>", "&lt;b>"]
)
def test_a_formula_is_text(screen: Screen, form: str, hostile: str) -> None:
    shown = html(screen, form.format(hostile), html=True)
    assert "tex-formula" in shown
    assert "<img" not in shown
    assert "<script" not in shown
    assert hostile.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in shown


@pytest.mark.parametrize("begin", ["\\\\[ x\n\n", "> \\\\[\n\n", "a \\\\(\n\n", "\\begin{align}\n\n"])
def test_after_many_formulas_without_an_end_there_is_no_further_search(screen: Screen, begin: str) -> None:
    closed = "a \\\\(x\\\\)"
    assert "tex-formula" in html(screen, 10 * begin + closed)
    screen.session.outputs.remove(screen.only["key"])
    assert "tex-formula" not in html(screen, 200 * begin + closed)


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        ({}, "a\nb", "<p>a<br>\nb</p>"),
        ({"breaks": False}, "a\nb", "<p>a\nb</p>"),
        ({"breaks": True, "xhtml": True}, "a\nb", "<p>a<br />\nb</p>"),
        ({}, "~~a~~", "<p><s>a</s></p>"),
        ({"gfm": False}, "~~a~~ https://x.y", "<p>~~a~~ https://x.y</p>"),
        ({"gfm": False, "breaks": False}, "|a|\n|-|", "<p>|a|\n|-|</p>"),
        ({}, "a@b.org", '<p><a href="mailto:a@b.org">a@b.org</a></p>'),
        ({}, "https://x.y", '<p><a href="https://x.y">https://x.y</a></p>'),
        ({"linkify": False}, "https://x.y", "<p>https://x.y</p>"),
        ({}, '"a" -- b', "<p>&quot;a&quot; -- b</p>"),
        ({"smartypants": True}, '"a" -- $"b"$', r"<p>“a” – <m>\(&quot;b&quot;\)</m></p>"),  # noqa: RUF001
        ({}, "<b>a</b>", "<p><b>a</b></p>"),
        ({"sanitize": True}, "<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ({"headerIds": False, "mangle": False, "silent": False}, "# a", "<h1>a</h1>"),
    ],
)  # fmt: skip
def test_options_of_marked_are_understood(
    screen: Screen, options: dict[str, Any], text: str, expected: str
) -> None:
    assert html(screen, text, **options) == written(expected)


def test_one_warning_names_the_options_that_have_no_effect(screen: Screen) -> None:
    with pytest.warns(UserWarning, match="ignores the options 'headerIds', 'baseUrl'") as warned:
        html(screen, "# a", headerIds=True, breaks=True, baseUrl="x")
    assert [each.filename for each in warned] == [__file__]


def test_options_are_a_dict(screen: Screen) -> None:
    options: Any = ["breaks"]
    with pytest.raises(TypeError, match=r"put_markdown\(\) expects options to be a dict, not list"):
        put_markdown("a", options=options)
    assert screen.nodes == []


def test_strip_indent_is_deprecated(screen: Screen) -> None:
    with pytest.warns(DeprecationWarning, match="strip_indent is deprecated"):
        put_markdown("  # a", strip_indent=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        put_markdown("a")
    assert "<h1>" in screen.nodes[0]["html"]


def test_an_item_of_a_task_list_has_a_labelled_checkbox_that_cannot_be_used(screen: Screen) -> None:
    put_markdown("- [x] **done**\n- [ ] open")
    checked, still_open = (line for line in screen.only["html"].splitlines() if "<input" in line)
    assert re.search(r'<label><input [^>]*checked[^>]*disabled[^>]*type="checkbox"> <strong>done', checked)
    assert re.search(r'<label><input [^>]*disabled[^>]*type="checkbox"> open</label>', still_open)
    assert "checked" not in still_open


def test_commonmark_alone_has_no_task_lists(screen: Screen) -> None:
    put_markdown("- [x] done", options={"gfm": False})
    assert "[x] done" in screen.only["html"]
