"""An output whose scope does not exist is shown in the output that it is given to, as in the original."""

from __future__ import annotations

import gc
import json
import warnings
from typing import TYPE_CHECKING

import pytest

from nbsession.output import (
    Output,
    put_button,
    put_collapse,
    put_column,
    put_row,
    put_scope,
    put_table,
    put_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbsession._core.session import Session
    from tests.session.fake_platform import FakePage

    from .conftest import Screen


@pytest.fixture
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings(record=True) as issued:
        warnings.simplefilter("always")
        yield
        gc.collect()
    assert [str(each.message) for each in issued] == []


@pytest.mark.usefixtures("no_warnings")
def test_it_is_shown_in_the_output_that_it_is_given_to(screen: Screen) -> None:
    put_row([put_text("a", scope="missing"), None, put_text("b")])
    [row] = [node["key"] for node in screen.nodes if node["kind"] == "grid"]
    assert screen.texts(row) == ["a", "b"]


@pytest.mark.usefixtures("no_warnings")
def test_what_is_in_it_is_shown_as_well(screen: Screen) -> None:
    inner = put_table([[put_text("a", scope="missing")]], scope="missing")
    put_column([inner])
    assert [node["kind"] for node in screen.nodes] == ["grid", "table", "text"]


@pytest.mark.usefixtures("no_warnings")
def test_a_page_is_told_of_it_when_it_is_shown(page: FakePage) -> None:
    inner = put_table([[put_text("a")]], scope="missing")
    page.sent.clear()
    put_column([inner])
    told = [json.loads(text) for _, text in page.sent]
    assert [(name, rest[0]["kind"]) for name, *rest in told] == [
        ("put", "grid"),
        ("put", "table"),
        ("put", "text"),
    ]


@pytest.mark.usefixtures("no_warnings")
def test_what_is_changed_before_counts(screen: Screen) -> None:
    put_row([put_text("a", scope="missing").style("color: red")])
    assert [node.get("style") for node in screen.nodes] == [None, "color: red"]


@pytest.mark.usefixtures("no_warnings")
def test_an_update_takes_it_in(screen: Screen) -> None:
    shown = put_collapse("title", put_text("old"))
    shown.update(content=put_text("new", scope="missing"))
    assert screen.texts(shown.key) == ["new"]


@pytest.mark.usefixtures("no_warnings")
def test_a_button_that_is_shown_later_keeps_its_function(screen: Screen, session: Session) -> None:
    put_row([put_button("a", lambda: None, scope="missing")])
    [number] = [node["callback"] for node in screen.nodes if node["kind"] == "buttons"]
    assert session.callbacks.find(number) is not None


@pytest.mark.usefixtures("no_warnings")
def test_a_scope_takes_its_name_when_it_is_shown(screen: Screen) -> None:
    put_scope("a", put_text("old"))
    put_row([put_scope("a", scope="missing")])
    put_text("new", scope="a")
    assert screen.texts(screen.scope("a")) == ["new"]


def test_a_scope_that_stays_unshown_replaces_none(screen: Screen) -> None:
    put_scope("a", put_text("old"))
    with pytest.warns(UserWarning, match="nothing is shown"):
        put_scope("a", scope="missing")
    put_text("new", scope="a")
    assert screen.texts(screen.scope("a")) == ["old", "new"]


def test_the_outputs_that_it_was_given_go_with_it(screen: Screen) -> None:
    with pytest.warns(UserWarning, match="nothing is shown"):
        put_column([put_text("a")], scope="missing")
    assert screen.nodes == []


def test_it_goes_when_its_handle_does(session: Session) -> None:
    kept: list[Output] = [put_text("a", scope="missing")]
    with pytest.warns(UserWarning, match="no scope 'missing'") as warned:
        kept.clear()
    assert (warned[0].filename, len(session.outputs)) == (__file__, 0)


def test_a_cell_that_ends_with_it_warns() -> None:
    output = put_text("a", scope="missing")
    with pytest.warns(UserWarning, match="no scope 'missing'"):
        output._ipython_display_()


def test_a_with_statement_of_it_warns(screen: Screen) -> None:
    with pytest.warns(UserWarning, match="no scope 'missing'"), put_collapse("title", scope="missing"):
        put_text("a")
    assert screen.texts() == ["a"]
