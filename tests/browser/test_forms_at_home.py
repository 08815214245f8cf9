"""What forms look like in a notebook, and to assistive technology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from .test_forms import form
from .test_output import AXE, change_theme, violations

if TYPE_CHECKING:
    from .conftest import OpenNotebook

pytestmark = pytest.mark.any_front_end

EVERY_FIELD = """
from nbsession.input import *
input_group("A trip", [
    input("Name", name="name", required=True, placeholder="Ada Lovelace", help_text="As in your passport."),
    input("Guests", type=NUMBER, name="guests", value=2, action=("More", lambda set_value: set_value(3))),
    input("Secret", type=PASSWORD, name="secret"),
    input("From", type=DATE, name="begin"),
    input("Colour", type=COLOR, name="colour"),
    input("City", name="city", datalist=["Rome", "Paris"]),
    textarea("Wishes", name="wishes", rows=2),
    select("Room", ["single", "double"], name="room"),
    select("Extras", ["sauna", "breakfast"], multiple=True, name="extras"),
    checkbox("Meals", ["lunch", ("dinner", "dinner", False, True)], name="meals", inline=True),
    radio("Bed", ["hard", "soft"], name="bed", inline=True),
    slider("Temperature", name="temperature", value=20, max_value=30),
    file_upload("Passport", name="passport", accept=".pdf"),
    actions("", [{"label": "Book", "value": 1}, {"label": "Clear", "type": "reset"}], name="action"),
])
"""


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_assistive_technology_finds_its_way(open_notebook: OpenNotebook, theme: str) -> None:
    notebook = open_notebook([EVERY_FIELD])
    notebook.page.add_script_tag(path=AXE)
    change_theme(notebook, theme)
    try:
        notebook.run(0, wait=False)
        form(notebook).get_by_role("button", name="Book").click()  # without the name: with an error
        expect(form(notebook).get_by_label("Name")).to_have_attribute("aria-invalid", "true")
        assert violations(form(notebook)) == []
    finally:
        change_theme(notebook, "JupyterLab Light")


def test_tab_goes_through_the_fields_in_order(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([EVERY_FIELD])
    notebook.run(0, wait=False)
    form(notebook).get_by_label("Name").focus()
    reached = []
    for _ in range(6):
        notebook.page.keyboard.press("Tab")
        reached.append(
            notebook.page.evaluate(
                "document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText"
            )
        )
    assert reached[:3] == ["Guests", "More", "Secret"]
