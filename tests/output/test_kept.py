"""What a session shows is kept for a page that comes later, within limits."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from nbsession._core.outputs import DROPPED, LIMIT, Outputs
from nbsession._core.remarks import MOST_ERRORS
from nbsession.output import put_image, put_scope, put_text, use_scope
from tests.session.fake_platform import FakePage

if TYPE_CHECKING:
    from nbsession._core.session import Session
    from nbsession._core.values import Encoded

    from .conftest import Screen


def test_a_page_that_attaches_is_shown_everything_in_order(session: Session) -> None:
    put_text("b")
    put_text("a", position=0)
    with use_scope("s"):
        put_text("c")
    page: Any = FakePage()
    session.delivery.attach(page)
    [snapshot] = [json.loads(text) for _, text in page.sent]
    assert snapshot[0] == "snapshot"
    assert [node.get("text", node["kind"]) for node in snapshot[1]] == ["a", "b", "scope", "c"]


def test_nothing_is_lost_while_a_page_attaches(session: Session) -> None:
    def show() -> None:
        for number in range(300):
            session.outputs.put("text", text=str(number))

    threads = [threading.Thread(target=show) for _ in range(3)]
    for thread in threads:
        thread.start()
    page: Any = FakePage()
    session.delivery.attach(page)
    for thread in threads:
        thread.join()
    told = [json.loads(text) for _, text in page.sent]
    keys = [node["key"] for message in told if message[0] == "snapshot" for node in message[1]]
    keys += [message[1]["key"] for message in told if message[0] == "put"]
    assert sorted(keys) == list(range(1, 901))


def test_beyond_the_limit_the_oldest_go_with_a_note(screen: Screen) -> None:
    put_scope("s")
    with use_scope("s"):
        for letter in "abc":
            put_text(letter * (LIMIT // 2 - 1000))
    assert [node["text"][0] for node in screen.nodes if node["kind"] == "text"] == ["b", "c"]
    assert (screen.nodes[0]["kind"], screen.nodes[0]["text"]) == ("notice", DROPPED)


def test_the_page_is_told_of_what_is_dropped() -> None:
    told: list[list[object]] = []

    def send(message: Encoded) -> None:
        told.append(json.loads(message.text))

    outputs = Outputs(send, lambda: None, limit=200)
    removed: list[str] = []
    outputs.put("text", text="x" * 150, removed=lambda: removed.append("called"))
    outputs.put("text", text="y" * 150)
    assert [message[:2] for message in told if message[0] == "remove"] == [["remove", 1]]
    assert removed == ["called"]


def test_one_output_above_the_limit_is_shown_alone(screen: Screen) -> None:
    put_text("gone")
    put_image(bytes(LIMIT + 1), format="png")
    assert [node["kind"] for node in screen.nodes] == ["notice", "image"]


def test_an_error_whose_node_was_removed_is_shown_again(session: Session, screen: Screen) -> None:
    first = session.outputs.error("TypeError", "no", "", "x()")
    assert first is not None
    session.outputs.remove(first)
    second = session.outputs.error("TypeError", "no", "", "x()")
    assert (screen.only["key"], screen.only["count"]) == (second, 1)


def test_an_error_that_occurs_again_counts_up(session: Session, screen: Screen) -> None:
    for _ in range(3):
        session.outputs.error("TypeError", "no", "", "x()")
    assert screen.only["count"] == 3


def test_the_last_error_that_is_shown_says_that_it_is(session: Session, screen: Screen) -> None:
    for number in range(MOST_ERRORS + 5):
        session.outputs.error("TypeError", f"number {number}", "", "x()")
    assert [node["kind"] for node in screen.nodes] == ["error"] * MOST_ERRORS + ["notice"]


def test_numbers_that_json_cannot_say_are_shown(session: Session) -> None:
    session.outputs.put("mime", data={"application/x+json": [float("nan")]})
    message = json.loads(session.outputs.snapshot().text)
    assert message[2] == [[[0, "data", "application/x+json", 0], "nan"]]
