"""The input functions in a cell: what PyWebIO's documentation shows, as a reader meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.examples import form_button_programs, form_programs
from tests.examples.form_buttons import FORM_BUTTONS
from tests.examples.forms import FORMS

from .example_cell import define, running

if TYPE_CHECKING:
    from tests.examples.example import Example

    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end


@pytest.fixture(scope="module", autouse=True)
def programs(shared_notebook: NotebookPage) -> None:
    define(shared_notebook, form_programs, form_button_programs)


@pytest.mark.parametrize("example", [*FORMS, *FORM_BUTTONS], ids=str)
def test_a_form(notebook: NotebookPage, example: Example) -> None:
    with running(notebook, example, f"put_text('answer', repr({example.call}))") as outputs:
        example.reader(outputs)
    expect(outputs.locator("form")).to_have_count(0)
