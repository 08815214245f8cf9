"""Of what is sanitized nothing runs in a real browser: DOMPurify's own cases, put to our use of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbsession import hold
from nbsession.output import put_html, put_text

if TYPE_CHECKING:
    from .conftest import Serve
    from .window import Open

FILE = Path(__file__).parents[1] / "dompurify" / "expect.json"
# In ours a field stands in for what DOMPurify's code, or our own, could ask the form.
CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["cases"] + [
    {
        "payload": f"<form href=x onclick=alert(1)><input name={name}><b onclick=alert(2)>a</b></form>",
        "expected": ["<b>a</b>"],
    }
    for name in ("attributes", "childNodes", "hasAttribute", "namespaceURI", "parentNode", "tagName")
]
PAYLOADS: list[str] = [case["payload"] for case in CASES]

ALARM = "window.alert = window.confirm = window.prompt = () => { window.ran = true; }"
# An image's handlers run when it has loaded, or cannot be.
LOADED = """
Promise.all([...document.images].map((image) => image.complete || new Promise((done) => {
    image.addEventListener("load", done);
    image.addEventListener("error", done);
})))
"""
RUNNING = """
[...document.querySelectorAll(".nbsession-html *")].filter((element) =>
    element.matches("script, style, iframe, object, embed, form, button, svg, math, [id], [name]")
    || element.matches("input:not([type=checkbox]:disabled)")
    || [...element.attributes].some(({ name }) => /^(on|data-)/.test(name))
    || element.protocol === "javascript:"
).map((element) => element.outerHTML)
"""
# Without what the page adds: what its policy blocked, and that the keyboard can scroll it.
LEFT = """
[...document.querySelectorAll(".nbsession-html")].map((shown) => {
    const copy = shown.cloneNode(true);
    for (const notice of copy.querySelectorAll(".nbsession-blocked")) notice.remove();
    for (const scrolled of copy.querySelectorAll("pre")) scrolled.removeAttribute("tabindex");
    return copy.innerHTML;
})
"""
MISSING = "Failed to load resource|Content Security Policy"  # the cases' images


def sanitized(serve: Serve, open_page: Open, html: list[str], asked: str) -> Any:
    """Show HTML, sanitized; return what the page answers when all of it has loaded."""

    def app() -> None:
        for each in html:
            put_html(each, sanitize=True)
        put_text("the end")
        hold()

    page = open_page(f"http://127.0.0.1:{serve(app).port}/", init=ALARM, ignore=MISSING)
    # Not exactly: a notice of what is blocked may stand in it.
    page.locator(".nbsession-text", has_text="the end").wait_for()
    return page.evaluate(f"{LOADED}.then(() => ({asked}))")


def test_nothing_of_dompurify_s_cases_runs(serve: Serve, open_page: Open) -> None:
    running = sanitized(serve, open_page, PAYLOADS, f"window.ran ? ['alert()'] : {RUNNING}")
    assert running == []


def test_of_dompurify_s_cases_there_is_left_what_is_expected(serve: Serve, open_page: Open) -> None:
    # What it leaves we restrict further, so what it is expected to leave goes the same way. It may leave nothing, too.
    expected = [each for case in CASES for each in case["expected"]]
    shown = sanitized(serve, open_page, [*PAYLOADS, *expected], LEFT)
    rest = iter(shown[len(CASES) :])
    allowed = [["", *(next(rest) for _ in case["expected"])] for case in CASES]
    results = zip(PAYLOADS, shown, allowed, strict=False)
    assert [result for result in results if result[1] not in result[2]] == []
