"""The pin functions on served pages: what PyWebIO's documentation shows, as a reader meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from nbsession.output import put_buttons, put_text
from nbsession.pin import get_pin_values, put_checkbox, put_input
from tests.examples.pins import PINS
from tests.examples.reader import expect_text

from .forms import of_each, staying

if TYPE_CHECKING:
    from tests.examples.example import Example

    from .conftest import Serve
    from .window import Open


@of_each(PINS)
def test_a_pin(serve: Serve, open_page: Open, example: Example, init: str) -> None:
    example.reader(open_page(serve(staying(example.program)).url, init=init))


def test_a_reload_keeps_what_the_reader_has_entered(serve: Serve, open_page: Open) -> None:
    def app() -> None:
        put_input("a", label="a")
        put_checkbox("c", ["C", "D"], label="c")
        put_buttons(["read"], lambda _: put_text(f"values {get_pin_values()!r}"))

    page = open_page(serve(staying(app), resume_on_reload=True).url)
    page.get_by_label("a", exact=True).fill("typed")
    page.get_by_role("checkbox", name="D").check()
    page.reload()
    expect(page.get_by_label("a", exact=True)).to_have_value("typed")
    expect(page.get_by_role("checkbox", name="D")).to_be_checked()
    page.get_by_role("button", name="read").click()
    expect_text(page, f"values { ({'a': 'typed', 'c': ['D']})!r}")
