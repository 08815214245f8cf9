"""The pin functions in a cell: what PyWebIO's documentation shows, as a reader meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.examples import pin_programs
from tests.examples.pins import PINS

from .example_cell import define, running

if TYPE_CHECKING:
    from tests.examples.example import Example

    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end


@pytest.fixture(scope="module", autouse=True)
def programs(shared_notebook: NotebookPage) -> None:
    define(shared_notebook, pin_programs)


@pytest.mark.parametrize("example", PINS, ids=str)
def test_a_pin(notebook: NotebookPage, example: Example) -> None:
    with running(notebook, example, example.call) as outputs:
        example.reader(outputs)
