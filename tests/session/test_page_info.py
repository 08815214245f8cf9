"""What a page says of its reader, in Python's words; a page may say anything."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nbsession.session._page_info import Screen, loopback_address, query, screen, time_zone


def test_a_zone_has_its_name() -> None:
    assert time_zone({"timezone": "Europe/Berlin", "utc_offset": 60}) == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "name", ["", None, "Mars/Olympus", "Europe", "../../etc/passwd", "/etc/passwd", 7, "a\0b"]
)
def test_a_zone_that_is_unknown_here_has_its_offset(name: object) -> None:
    assert time_zone({"timezone": name, "utc_offset": 330}) == timezone(timedelta(minutes=330))


@pytest.mark.parametrize("offset", [None, "60", float("nan"), float("inf"), 10**9, True])
def test_an_offset_that_is_none_counts_as_none(offset: object) -> None:
    assert time_zone({"utc_offset": offset}) == timezone.utc


def test_a_screen() -> None:
    shown = screen({"screen": {"width": 390, "height": 844, "pixel_ratio": 3}})
    assert shown == Screen(390, 844, 3.0)
    assert (shown.width, shown.height, shown.pixel_ratio) == (390, 844, 3.0)


@pytest.mark.parametrize(
    "said", [None, 7, {}, {"width": "wide", "height": float("inf"), "pixel_ratio": None}]
)
def test_a_screen_that_is_none_has_no_size(said: Any) -> None:
    assert screen({"screen": said}) == Screen(0, 0, 1.0)


@pytest.mark.parametrize(
    ("url", "parameters"),
    [
        ("http://x/lab?a=1&b=two%20words#c=3", {"a": "1", "b": "two words"}),
        ("http://x/?a=first&a=second", {"a": "first"}),
        ("http://x/?empty=&flag", {"empty": "", "flag": ""}),
        ("http://x/", {}),
        ("", {}),
        ("http://[broken?a=1", {}),
        ("http://x/?" + "a&" * 5000, {}),
    ],
)
def test_the_parameters_of_an_address(url: str, parameters: dict[str, str]) -> None:
    assert list(query(url).items()) == list(parameters.items())


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("http://localhost:8888", "127.0.0.1"),
        ("http://lab.localhost", "127.0.0.1"),
        ("http://127.0.0.2:8888", "127.0.0.2"),
        ("http://[::1]:8888", "::1"),
        ("https://hub.example.com", ""),
        ("http://192.0.2.1", ""),
        ("http://[broken", ""),
        ("null", ""),
        (None, ""),
    ],
)
def test_a_page_of_this_machine_has_a_loopback_address(origin: object, address: str) -> None:
    assert loopback_address({"origin": origin}) == address


def test_a_screen_of_impossible_size_has_none() -> None:
    assert screen({"screen": {"width": 10**400, "height": 5}}) == Screen(0, 5, 1.0)
