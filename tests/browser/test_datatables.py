"""Data tables in a notebook, whose page gets their code from the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from .test_output import AXE, change_theme, violations

if TYPE_CHECKING:
    from .conftest import FillNotebook

TABLE = """
from nbsession.output import *
courses = [{"course": "OS", "score": 80, "room": {"floor": 1}}, {"course": "DB", "score": 93}]
put_datatable(courses, actions=[("Show", lambda row: put_text("chosen", row))], instance_id="courses", height=200)
"""


@pytest.mark.any_front_end
def test_a_later_cell_changes_a_table_and_its_buttons_call_python(fill_notebook: FillNotebook) -> None:
    notebook = fill_notebook([TABLE, "datatable_insert('courses', {'course': 'AI'}, 0)"])
    notebook.run(0)
    area = notebook.output_area(0)
    expect(area.locator("[role=gridcell][col-id=course]")).to_have_text(["OS", "DB"])
    notebook.run(1)
    expect(area.locator("[role=gridcell][col-id=course]")).to_have_text(["AI", "OS", "DB"])
    area.get_by_role("gridcell", name="AI").press("Space")
    area.get_by_role("button", name="Show").press("Enter")
    expect(area.get_by_text("chosen 2")).to_be_visible()


@pytest.mark.any_front_end
@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_assistive_technology_reads_a_table(fill_notebook: FillNotebook, theme: str) -> None:
    notebook = fill_notebook([TABLE])
    notebook.page.add_script_tag(path=AXE)
    change_theme(notebook, theme)
    try:
        notebook.run(0)
        area = notebook.output_area(0)
        area.get_by_role("gridcell", name="DB").click()
        expect(area.get_by_role("button", name="Show")).to_be_visible()
        assert violations(area) == []
    finally:
        change_theme(notebook, "JupyterLab Light")
