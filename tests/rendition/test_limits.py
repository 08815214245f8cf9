"""How large a rendition is, and what is left out first."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from nbsession._rendition.pictures import LARGEST
from nbsession.output import put_image, put_scope, put_table, put_text, use_scope

from .parsed import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Rendition = Callable[..., str]

PNG = b"\x89PNG\r\n"


def image(size: int) -> bytes:
    """An image that takes so many kilobytes in the file."""
    return PNG + bytes(size * 750)


@pytest.mark.parametrize("limit", [5_000, 20_000, 100_000])
@pytest.mark.parametrize("letter", ["x", "ü", "漢"])
def test_no_rendition_is_larger_than_its_limit(rendition: Rendition, limit: int, letter: str) -> None:
    for number in range(200):
        put_text(letter * number)
        put_image(image(1), title=letter)
    assert len(rendition(limit=limit).encode()) <= limit


def test_images_without_room_are_left_out_before_any_text(rendition: Rendition) -> None:
    for title, size in (("A", 40), ("B", 40), ("C", 10)):
        put_image(image(size), title=title)
    put_text("the end")
    html = rendition(limit=60_000)
    assert re.findall(r'alt="(\w)"', html) == ["A", "C"]
    assert "Image “B” (30 kB): run the notebook to see it.the end" in text_of(html)


def test_outputs_at_the_end_are_left_out_as_a_whole(rendition: Rendition) -> None:
    for letter in "abc":
        put_text(letter * 4000)
    text = text_of(rendition(limit=12_000))
    assert "a" * 4000 + "b" * 4000 + "The rest is not in the notebook's file, which keeps 12 kB" in text
    assert "ccc" not in text


def test_the_outputs_in_a_scope_count_by_themselves(rendition: Rendition) -> None:
    put_scope("all")
    with use_scope("all"):
        for letter in "abc":
            put_text(letter * 4000)
    assert "a" * 4000 + "b" * 4000 + "The rest" in text_of(rendition(limit=12_000))


def test_there_is_none_without_room_for_its_beginning(rendition: Rendition) -> None:
    put_text("a")
    assert rendition(limit=100) == ""


def test_the_end_of_a_very_long_text_is_counted(rendition: Rendition) -> None:
    put_text("x" * 123_456)
    assert text_of(rendition()).endswith("x … and 23,456 more characters")


def test_the_largest_image_has_room_in_the_default_limit(rendition: Rendition) -> None:
    put_image(PNG + bytes(LARGEST * 3 // 4 - 100))
    assert "<img" in rendition()


def test_a_thousand_levels_of_scopes_and_boxes_are_rendered(rendition: Rendition) -> None:
    key = "ROOT"
    for number in range(1000):
        put_scope(f"s{number}", [], scope=key)
        key = f"s{number}"
    put_text("deep", scope=key)
    assert text_of(rendition()).endswith("deep")


def test_the_time_grows_with_the_number_of_rows(rendition: Rendition) -> None:
    def taken(rows: int) -> float:
        for _ in range(rows // 1000):
            put_table([[str(n), "some text", "x < y"] for n in range(1000)])
        times = []
        for _ in range(3):
            began = time.perf_counter()
            rendition(limit=2**30)
            times.append(time.perf_counter() - began)
        return min(times)

    few = taken(4_000)
    # Together with the first ones, four times as many. A quadratic time would be sixteen times as long.
    assert taken(12_000) < 9 * few
