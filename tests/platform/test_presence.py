"""When the reader has taken a session's view away, and when it only looks so."""

from __future__ import annotations

import pytest

from nbsession._jupyter.cells.presence import Presence


@pytest.fixture
def presence() -> Presence:
    """A view that was displayed and is on page a."""
    presence = Presence()
    presence.displayed()
    presence.counted("a", 1)
    return presence


def test_a_view_that_stayed_away_was_taken_away(presence: Presence) -> None:
    presence.counted("a", 0)
    assert not presence.taken_away
    presence.gone("a")
    assert presence.taken_away


def test_a_view_that_is_on_another_page_was_not(presence: Presence) -> None:
    presence.counted("b", 1)
    presence.counted("a", 0)
    presence.gone("a")
    assert not presence.taken_away


def test_until_that_page_ends(presence: Presence) -> None:
    presence.counted("b", 1)
    presence.counted("a", 0)
    presence.gone("a")
    presence.ended("b")
    assert presence.taken_away


def test_a_page_that_ends_with_its_view_takes_nothing_away(presence: Presence) -> None:
    presence.ended("a")
    assert not presence.taken_away


def test_a_reloaded_page_takes_nothing_away(presence: Presence) -> None:
    presence.renewed("a")
    assert not presence.taken_away


def test_a_view_that_was_never_shown_cannot_be_taken_away() -> None:
    presence = Presence()
    presence.displayed()
    presence.gone("a")
    assert not presence.taken_away


def test_a_view_that_code_cleared_was_not_taken_away(presence: Presence) -> None:
    presence.cleared()
    presence.counted("a", 0)
    presence.gone("a")
    assert not presence.taken_away


def test_what_a_page_says_of_the_former_view_does_not_count(presence: Presence) -> None:
    presence.counted("a", 0)
    presence.displayed()
    presence.gone("a")
    assert not presence.taken_away


def test_a_view_that_was_displayed_again_can_be_taken_away(presence: Presence) -> None:
    presence.cleared()
    presence.displayed()
    presence.counted("a", 1)
    presence.counted("a", 0)
    presence.gone("a")
    assert presence.taken_away


def test_a_view_that_came_back_is_there(presence: Presence) -> None:
    presence.counted("a", 0)
    presence.gone("a")
    presence.counted("a", 1)
    assert not presence.taken_away
