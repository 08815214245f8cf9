"""How long the view of a session that has ended stays: as long as a page shows it, or may open it again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from comm.base_comm import BaseComm

from nbsession._jupyter.cells.left_views import LeftViews

if TYPE_CHECKING:
    from nbsession._jupyter.cells.bridge import View


class FakeComm(BaseComm):
    """A comm that keeps the kinds of the messages which it publishes."""

    def __init__(self) -> None:
        self.published: list[str] = []
        super().__init__(target_name="fake")

    def publish_msg(self, msg_type: str, *_: Any, **__: Any) -> None:
        self.published.append(msg_type)


class FakeWidget(SimpleNamespace):
    """A widget that notes how its comm was closed: with a word to the pages, or without."""

    def __init__(self) -> None:
        super().__init__(comm=FakeComm(), state="open")

    def close(self) -> None:
        self.comm.close()
        self.state = "closed" if "comm_close" in self.comm.published else "abandoned"


class FakeView(FakeWidget):
    """A view with its layout."""

    def __init__(self) -> None:
        super().__init__()
        self.layout = FakeWidget()

    @property
    def states(self) -> set[str]:
        return {self.state, self.layout.state}


@pytest.fixture
def views() -> LeftViews:
    return LeftViews()


def let_go(views: LeftViews, *pages: str) -> FakeView:
    view = FakeView()
    views.let_go(1, [cast("View", view)], pages)
    return view


def keep(views: LeftViews, *pages: str, number: int = 1) -> FakeView:
    view = FakeView()
    views.keep(number, [cast("View", view)], "the app has ended", pages)
    return view


def test_a_view_that_no_page_shows_is_closed_at_once(views: LeftViews) -> None:
    assert let_go(views).states == {"closed"}
    assert len(views) == 0


def test_one_that_pages_show_is_closed_when_the_last_has_none(views: LeftViews) -> None:
    view = let_go(views, "a", "b")
    views.gone_from("a", 1)
    assert view.states == {"open"}
    views.gone_from("b", 1)
    assert view.states == {"closed"}
    assert len(views) == 0


def test_a_page_that_is_reloaded_finds_no_view_of_a_cell_that_was_run_again(views: LeftViews) -> None:
    view = let_go(views, "a")
    views.renewed("a")
    assert view.states == {"closed"}


def test_a_page_that_slept_and_was_given_up_keeps_what_it_shows(views: LeftViews) -> None:
    view = let_go(views, "a")
    views.ended("a")
    assert view.states == {"abandoned"}
    assert len(views) == 0


def test_a_kept_view_outlives_its_page(views: LeftViews) -> None:
    view = keep(views, "a")
    views.renewed("a")
    views.ended("a")
    assert view.states == {"open"}
    assert views.reason(1) == "the app has ended"


def test_a_kept_view_is_closed_when_the_reader_has_taken_it_away(views: LeftViews) -> None:
    view = keep(views)
    views.shown_on("a", 1)
    views.gone_from("a", 1)
    assert view.states == {"closed"}
    assert views.reason(1) is None


def test_of_two_hundred_kept_views_the_oldest_stays_only_where_it_is_shown(views: LeftViews) -> None:
    shown, hidden = keep(views, "a", number=1), keep(views, number=2)
    for number in range(3, 203):
        keep(views, number=number)
    assert (shown.states, hidden.states) == ({"open"}, {"abandoned"})
    assert views.reason(1) is None
    views.gone_from("a", 1)
    assert shown.states == {"closed"}
