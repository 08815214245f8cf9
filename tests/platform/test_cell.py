"""Whose session a run of a cell has."""

from __future__ import annotations

from typing import Any

import pytest

from nbsession._core.session import Session
from nbsession._jupyter.cells.cell import Cells
from tests.session.fake_platform import FakePlatform


def run(cells: Cells) -> Session:
    """Return the session of a run of a cell from its beginning to its end."""
    session = cells.enter().session
    cells.leave(interrupted=False)
    return session


@pytest.fixture
def message() -> dict[str, Any]:
    """The message that runs the cell."""
    return {"header": {"session": "executor"}, "content": {"allow_stdin": True}}


@pytest.fixture
def cells(message: dict[str, Any]) -> Cells:
    """The cells of a kernel that is sent the message again and again."""
    platform = FakePlatform()
    return Cells(lambda _: platform.session(), lambda: {**message})


def test_a_cell_that_is_run_again_ends_its_former_session(cells: Cells, message: dict[str, Any]) -> None:
    message["metadata"] = {"cellId": "a"}
    former = run(cells)
    assert run(cells) is not former
    assert former.closed == "the cell was run again"


def test_runs_of_who_names_no_cells_are_each_of_a_cell_of_their_own(
    cells: Cells, message: dict[str, Any]
) -> None:
    """What an executor on the server runs is shown in the cell that it runs, and acts on the page touched last then."""
    sessions = []
    for name in ("one", "two"):
        message["header"] = {"session": "executor", "msg_id": name}
        sessions.append(run(cells))
    assert sessions[0] is not sessions[1]
    assert sessions[0].closed is None
