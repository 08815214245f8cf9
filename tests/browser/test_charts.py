"""Charts in a notebook: their libraries come from the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.examples.charts import CHARTS, assert_drawn, foreign_requests

if TYPE_CHECKING:
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

OUTPUTS = ".nbsession-outputs > .nbsession-node"


@pytest.mark.parametrize("library", CHARTS)
def test_it_draws_without_a_request_to_another_server(notebook: NotebookPage, library: str) -> None:
    charts = CHARTS[library]
    with foreign_requests(notebook.page.context) as asked:
        cell = notebook.append(charts.source + "\nNone")
        notebook.run(cell)
        notebook.scroll_to(cell)
        assert_drawn(notebook.output_area(cell).locator(OUTPUTS), charts)
    assert asked == []
    assert [str(error) for error in notebook.page_errors] == []
