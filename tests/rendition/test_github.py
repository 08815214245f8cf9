"""GitHub's sanitizer removes styles, classes, images inside HTML, and controls: what it leaves can be read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from .everything import put_everything
from .github import as_on_github
from .parsed import elements, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

    Rendition = Callable[..., str]


def tags(html: str) -> Counter[str]:
    return Counter(each.tag.rpartition("}")[2] for each in elements(html))


@pytest.fixture
def everything(session: Session, rendition: Rendition) -> str:
    put_everything(session)
    return rendition(title="Title", closed="over")


def test_all_text_of_every_kind_stays(everything: str) -> None:
    assert text_of(as_on_github(everything)) == text_of(everything)


def test_only_bars_and_the_style_sheet_go(everything: str) -> None:
    assert tags(everything) - tags(as_on_github(everything)) == Counter(progress=1, style=1)


def test_cells_still_cover_several_rows_and_columns(everything: str) -> None:
    html = as_on_github(everything)
    assert (html.count('colspan="2"'), html.count('rowspan="2"')) == (1, 1)


def test_images_leave_their_descriptions(everything: str) -> None:
    html = as_on_github(everything)
    assert html.count("<img") == html.count('<img alt="') == everything.count("<img")
