"""Progress bars are found by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nbsession.output import put_progressbar, set_progressbar

if TYPE_CHECKING:
    from .conftest import Screen


def test_a_bar_moves_and_keeps_its_label(screen: Screen) -> None:
    put_progressbar("a", 0.1, label="working")
    set_progressbar("a", 0.5)
    assert (screen.only["value"], screen.only["label"]) == (0.5, "working")
    set_progressbar("a", 1, label="done")
    assert (screen.only["value"], screen.only["label"]) == (1, "done")


def test_the_handle_moves_it_too(screen: Screen) -> None:
    put_progressbar("a", label="x").update(0.25)
    assert (screen.only["value"], screen.only["label"]) == (0.25, "x")


def test_one_that_closes_by_itself_is_gone_at_the_end_and_takes_no_offence(screen: Screen) -> None:
    put_progressbar("a", auto_close=True)
    set_progressbar("a", 1)
    set_progressbar("a", 1)
    assert screen.nodes == []


def test_one_that_there_never_was_is_an_error() -> None:
    with pytest.raises(ValueError, match="no progress bar 'a'"):
        set_progressbar("a", 0.5)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), "x", None])
def test_it_goes_from_0_to_1(value: Any) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        put_progressbar("a", value)
