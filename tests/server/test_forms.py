"""The input functions on served pages: what PyWebIO's documentation shows, as a reader meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.examples.form_buttons import FORM_BUTTONS
from tests.examples.form_programs import ask_about_you
from tests.examples.forms import FORMS
from tests.examples.reader import expect_answer, field, submit

from .forms import answering, of_each

if TYPE_CHECKING:
    from tests.examples.example import Example

    from .conftest import Serve
    from .window import Open


@of_each([*FORMS, *FORM_BUTTONS])
def test_a_form(serve: Serve, open_page: Open, example: Example, init: str) -> None:
    example.reader(open_page(serve(answering(example.program)).url, init=init))


def test_a_reload_keeps_the_form_and_what_was_typed(serve: Serve, open_page: Open) -> None:
    server = serve(answering(ask_about_you), resume_on_reload=True)
    page = open_page(server.url)
    field(page, "Your name").fill("Ada")
    page.reload()
    expect(field(page, "Your name")).to_have_value("Ada")
    field(page, "Your age").fill("36")
    submit(page)
    expect_answer(page, {"name": "Ada", "age": 36})
