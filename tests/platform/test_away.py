"""What code does while its page is away, reloaded or closed: outputs and commands keep their order on the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nbsession._core.call import Call
from nbsession._core.values import Encoded

from .test_page_registry import Kernel

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session


class Away:
    """A kernel whose session has shown something, and whose page has said goodbye."""

    def __init__(self) -> None:
        self.kernel = Kernel(return_within=3600)
        self.kernel.hello("a")
        self.session: Session = self.kernel.session()
        self.show("before")
        self.kernel.page_registry.flush()
        self.kernel.say({"context": "a", "goodbye": True, "begun": 1})

    def show(self, text: str) -> None:
        self.session.outputs.put("text", text=text)

    def run(self, code: str) -> None:
        self.session.delivery.run(Encoded(f'["run","{code}",{{}}]', ()))

    def reload(self) -> None:
        """The page returns with a new context."""
        previous = {"context": "a", "begun": 1, "finished": True}
        self.kernel.hello("a", context="a2", previous=previous)

    def open_again(self) -> None:
        """The notebook is opened again, on another page."""
        self.kernel.hello("b", peer="another connection")

    @property
    def told(self) -> list[Any]:
        """What the page is told, in order: the texts of outputs, and commands."""
        page = self.session.page
        assert page is not None
        page.flush()
        return [_brief(body) for body in page.unacknowledged(self.session.number)]


def _brief(body: list[Any]) -> object:
    if body[0] == "snapshot":
        return [node["text"] for node in body[1]]
    return body[1]["text"] if body[0] == "put" else body[1]


@pytest.fixture
def away() -> Away:
    return Away()


returning = pytest.mark.parametrize("come_back", [Away.reload, Away.open_again])


@returning
def test_outputs_and_commands_keep_their_order(away: Away, come_back: Callable[[Away], None]) -> None:
    away.show("first")
    away.run("one")
    away.show("second")
    away.run("two")
    away.show("third")
    come_back(away)
    assert away.told == [["before", "first"], "one", "second", "two", "third"]


@returning
def test_outputs_alone_come_as_they_are_then(away: Away, come_back: Callable[[Away], None]) -> None:
    away.show("first")
    come_back(away)
    assert away.told == [["before", "first"]]


@returning
def test_what_follows_the_return_comes_after_it(away: Away, come_back: Callable[[Away], None]) -> None:
    away.run("one")
    come_back(away)
    away.show("after")
    away.run("two")
    assert away.told == [["before"], "one", "after", "two"]


@returning
def test_what_waits_is_counted(away: Away, come_back: Callable[[Away], None]) -> None:
    away.run("x" * 1000)
    during = away.session.delivery.backlog()
    come_back(away)
    away.kernel.page_registry.flush()
    assert (during > 1000, away.session.delivery.backlog()) == (True, 0)


def test_commands_that_the_page_had_not_begun_find_the_outputs() -> None:
    """They were queued when it was left."""
    kernel = Kernel(return_within=3600)
    kernel.hello("a")
    session = kernel.session()
    session.outputs.put("text", text="before")
    for code in ("one", "two"):
        session.delivery.run(Encoded(f'["run","{code}",{{}}]', ()))
    kernel.hello("a", context="a2", previous={"context": "a", "begun": 0, "finished": True})
    page = session.page
    assert page is not None
    page.flush()
    assert [_brief(body) for body in page.unacknowledged(session.number)] == [["before"], "one", "two"]


def test_a_download_waits_for_the_next_context(away: Away) -> None:
    started: list[object] = []

    class Download:
        def start(self, page: object) -> None:
            started.append(page)

    away.session.delivery.add_download(Download())  # type: ignore[arg-type]
    before = list(started)
    away.reload()
    assert (before, started) == ([], [away.session.page])


@returning
def test_an_eval_is_answered_by_the_next_context(away: Away, come_back: Callable[[Away], None]) -> None:
    call = Call(away.session)
    away.session.delivery.ask(7, Encoded('["eval",7,"1",{}]', ()), call)
    come_back(away)
    page = away.session.page
    assert page is not None
    away.session.receive(["value", 7, 5], (), page)
    assert call.result(60) == 5


def test_a_download_that_waits_keeps_its_session_open(away: Away) -> None:
    before = away.session.delivery.downloading
    away.session.delivery.add_download(object())  # type: ignore[arg-type]
    assert (before, away.session.delivery.downloading) == (False, True)


def test_commands_of_a_session_that_closes_meanwhile_still_run() -> None:
    away = Away()
    away.kernel.keeps = True
    page = away.session.page
    assert page is not None
    away.run("one")
    away.session.close("enough")
    away.reload()
    page.flush()
    told = [_brief(body) for body in page.unacknowledged(away.session.number)]
    assert told == ["enough", ["before"], "one"]
