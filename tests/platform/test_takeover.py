"""Sessions that go from one page to another: politely, without loss; from one that is gone, never twice."""

from __future__ import annotations

import json
import random
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbsession._core.call import Call
from nbsession._core.download_channel import Download
from nbsession._core.download_content import Content
from nbsession._core.values import Encoded
from nbsession.exceptions import PageLostError

from .pages import Page
from .test_page_registry import Kernel

if TYPE_CHECKING:
    from nbsession._core.session import Session


class Notebook:
    """A kernel with pages, and a session that ran on the first of them."""

    def __init__(self, pages: int = 2, **options: Any) -> None:
        self.kernel = Kernel(**options)
        self.ran: list[str] = []
        self.pages = [self.page() for _ in range(pages)]
        self.session: Session = self.kernel.session(self.pages[0].peer)
        self.kernel.page_registry.takeovers.polite = 3600
        self.given = 0

    def page(self) -> Page:
        name = f"page {len(self.kernel.wire)}"
        return Page(self.kernel, name, f"peer of {name}", self.ran)

    @property
    def acting(self) -> Page | None:
        page = self.session.page
        return None if page is None else {each.name: each for each in self.pages}.get(page.page_id)

    def run(self, count: int) -> None:
        for _ in range(count):
            self.given += 1
            self.session.delivery.run(Encoded(json.dumps(["run", f"command {self.given}", {}]), ()))

    def ask(self, code: str) -> Call:
        number = self.session.next_number()
        call = Call(self.session)
        self.session.delivery.ask(number, Encoded(json.dumps(["eval", number, code, {}]), ()), call)
        return call

    def settle(self) -> None:
        """Deliver all that is on its way."""
        while any(page.down or page.up for page in self.pages if page.alive):
            for page in self.pages:
                page.receive()
                page.speak() if page.alive else page.up.clear()
            for python_side in list(self.kernel.page_registry.pages.values()):
                python_side.flush()

    def end(self, page: Page) -> None:
        """A page is gone, and Python has found out."""
        page.alive = False
        self.pages.remove(page)
        page_registry = self.kernel.page_registry
        page_registry.dismiss(page_registry.pages[page.name], "its page was silent")

    @property
    def commands(self) -> list[int]:
        return [int(code.split()[1]) for code in self.ran if code.startswith("command")]

    def reported(self) -> set[int]:
        """The commands that the reader was told may have run."""
        texts = "\n".join(text for page in self.pages for text in page.shown)
        return {int(line.split()[1]) for line in texts.splitlines() if _names(line)}


def _names(line: str) -> bool:
    """Say whether a line of a warning names a command."""
    return line.startswith("command ")


def test_a_session_goes_where_the_reader_wants_it() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.settle()
    second.say(0, ["take", 1])
    notebook.settle()
    assert (list(first.open), list(second.open)) == ([], [1])
    assert (list(first.elsewhere), list(second.elsewhere)) == ([1], [])


def test_what_was_on_its_way_to_the_former_page_runs_there_and_the_rest_on_the_next() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.run(3)
    notebook.session.page.flush()  # type: ignore[union-attr]
    sent = len(first.down)
    second.say(0, ["take", 1])
    notebook.run(3)
    second.receive()
    assert notebook.ran == [], "before the former page has said that it has run all"
    first.receive(sent)
    former = list(notebook.commands)
    notebook.settle()
    assert notebook.commands == [1, 2, 3, 4, 5, 6]
    assert former == [1, 2, 3]


def test_a_promise_that_was_begun_is_kept_by_the_page_where_it_was() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    first.promises.add("slow")
    reply = notebook.ask("slow")
    notebook.settle()
    second.say(0, ["take", 1])
    notebook.settle()
    assert notebook.acting is second
    first.keep(7)
    assert reply.result(0) == 7


def test_a_promise_of_a_page_that_goes_after_its_session_has_left_is_lost() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    first.promises.add("slow")
    slow = notebook.ask("slow")
    notebook.settle()
    second.say(0, ["take", 1])
    notebook.settle()
    fast = notebook.ask("fast")
    notebook.end(first)
    notebook.settle()
    assert fast.result(0) == 1
    with pytest.raises(PageLostError):
        slow.result(0)
    assert notebook.session.closed is None


def test_a_page_that_does_not_answer_is_not_waited_for_long() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.settle()
    notebook.run(2)
    reply = notebook.ask("asked")
    notebook.session.page.flush()  # type: ignore[union-attr]
    arrived = threading.Event()
    notebook.kernel.page_registry.takeovers.polite = 0
    first.down.clear()
    second.say(0, ["take", 1])
    notebook.session.delivery.on_attach(arrived.set)
    assert arrived.wait(60)
    notebook.run(1)
    notebook.settle()
    assert notebook.commands == [3]
    assert notebook.reported() == {1, 2}
    with pytest.raises(PageLostError):
        reply.result(0)


def test_a_page_that_says_goodbye_says_what_it_has_run() -> None:
    notebook = Notebook(return_within=0)
    first, second = notebook.pages
    notebook.settle()
    notebook.run(1)
    notebook.session.page.flush()  # type: ignore[union-attr]
    first.receive()
    first.up.clear()  # its acknowledgement is lost
    notebook.run(5)
    notebook.session.page.flush()  # type: ignore[union-attr]
    first.leave()
    assert notebook.kernel.page_ended.wait(60)
    notebook.settle()
    assert notebook.acting is second
    assert notebook.commands == [1, 2, 3, 4, 5, 6]
    assert notebook.reported() == set()


def test_the_reader_need_not_wait_for_a_page_that_has_said_goodbye() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.settle()
    notebook.run(3)
    notebook.session.page.flush()  # type: ignore[union-attr]
    first.leave()
    second.say(0, ["take", 1])
    notebook.settle()
    assert notebook.commands == [1, 2, 3]
    assert notebook.reported() == set()


def test_a_page_that_comes_back_to_find_its_session_taken_runs_nothing_of_it() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.settle()
    notebook.run(3)
    notebook.session.page.flush()  # type: ignore[union-attr]
    first.leave()
    second.say(0, ["take", 1])
    notebook.settle()
    begun = {"context": first.name, "begun": first.begun, "finished": True}
    notebook.kernel.hello(first.name, first.peer, context="again", previous=begun)
    back = notebook.kernel.page_registry.pages[first.name]
    assert back.waiting(1) == 0
    assert notebook.acting is second


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "while a cell runs"])
def test_a_notebook_that_is_opened_again_goes_on_at_once(*, busy: bool) -> None:
    """Its former page has said goodbye: what it had not begun runs on the new one."""
    notebook = Notebook(pages=1)
    [first] = notebook.pages
    notebook.settle()
    notebook.kernel.busy = busy
    notebook.run(3)
    notebook.session.page.flush()  # type: ignore[union-attr]
    first.leave()
    notebook.pages.append(notebook.page())
    notebook.settle()
    assert notebook.acting is notebook.pages[1]
    assert notebook.commands == [1, 2, 3]
    assert notebook.reported() == set()


def test_a_page_that_was_put_away_leaves_its_session_to_another_one() -> None:
    notebook = Notebook(return_within=0, lease=3600)
    first, second = notebook.pages
    notebook.settle()
    first.leave(put_away=True)
    assert notebook.kernel.page_ended.wait(60)
    assert notebook.acting is second


def test_a_page_that_was_open_before_leaves_a_session_to_one_that_may_be_reloading() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.settle()
    first.leave()
    notebook.kernel.hello(second.name, second.peer, context="reloaded, too")
    assert notebook.acting is first


def test_a_page_that_was_only_reloaded_gets_its_session_back_from_one_that_was_opened_meanwhile() -> None:
    notebook = Notebook(pages=1)
    [first] = notebook.pages
    notebook.settle()
    first.leave()
    notebook.pages.append(newer := notebook.page())
    notebook.run(3)
    notebook.settle()
    notebook.pages.append(back := first.reloaded(notes=True))
    notebook.run(3)
    notebook.settle()
    assert notebook.commands == [1, 2, 3, 4, 5, 6]
    assert (list(newer.open), list(back.open)) == ([], [1])


def test_a_page_that_comes_back_leaves_a_session_where_the_reader_has_taken_it_since() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.settle()
    first.leave()
    notebook.pages.append(notebook.page())
    notebook.settle()
    second.say(0, ["take", 1])
    notebook.settle()
    notebook.pages.append(first.reloaded(notes=True))
    notebook.settle()
    assert notebook.acting is second


def test_a_silent_page_leaves_its_session_to_another_long_before_its_own_end() -> None:
    notebook = Notebook(lease=3600)
    first, second = notebook.pages
    notebook.settle()
    page_registry = notebook.kernel.page_registry
    page_registry.lapsed(page_registry.pages[first.name], "silent")
    notebook.settle()
    assert notebook.acting is second
    assert first.name in page_registry.pages, "it may come back, and another session be taken there"


def test_the_last_page_ends_its_sessions() -> None:
    notebook = Notebook(pages=1)
    notebook.end(notebook.pages[0])
    assert notebook.session.closed == "its page was silent"


def test_a_page_that_is_asked_for_a_session_and_goes_leaves_it_to_another() -> None:
    notebook = Notebook(pages=3)
    first, second, third = notebook.pages
    notebook.settle()
    second.say(0, ["take", 1])
    notebook.end(second)
    notebook.run(1)
    notebook.settle()
    assert notebook.commands == [1]
    assert notebook.acting in (first, third)


def test_whose_page_a_session_is_on_is_told_as_soon_as_that_is_known() -> None:
    """The page has to ask the Jupyter server first."""
    notebook = Notebook()
    acting, other = notebook.pages
    page_registry = notebook.kernel.page_registry
    notebook.kernel.shown_on = frozenset({acting.name, other.name})
    page_registry.takeovers.tell_all(notebook.session)
    page_registry.flush()
    notebook.settle()
    assert other.elsewhere == {1: ""}
    page = notebook.session.page
    assert page is not None
    page.info["whoami"] = {"identity": {"username": "ada", "display_name": "Ada"}}
    page_registry.takeovers.rename(page)
    page_registry.flush()
    notebook.settle()
    assert (acting.elsewhere, other.elsewhere) == ({}, {1: "Ada"})


def test_a_session_that_ends_elsewhere_is_told_of_where_it_was() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.settle()
    second.say(0, ["take", 1])
    notebook.settle()
    notebook.session.close("enough", keep_outputs=False)
    for page in notebook.kernel.page_registry.pages.values():
        page.flush()
    notebook.settle()
    assert first.closed == {1: "enough"}


def test_a_page_may_not_take_what_is_no_session() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.settle()
    for claim in (["take"], ["take", None], ["take", []], ["take", 99]):
        second.say(0, claim)
    notebook.settle()
    assert notebook.acting is first


def test_a_page_that_goes_by_another_s_name_is_taken_for_it_reloaded() -> None:
    """What the other was sent is in doubt, and the other is told to come as a page of its own."""
    notebook = Notebook()
    first, _ = notebook.pages
    notebook.settle()
    notebook.run(1)
    notebook.session.page.flush()  # type: ignore[union-attr]
    notebook.kernel.hello(first.name, "a liar", context="a lie")
    assert notebook.session.page.context == "a lie"  # type: ignore[union-attr]
    notebook.kernel.say({"context": first.name, "frame": {"ack": 0}}, first.peer)
    assert notebook.kernel.sent[-1] == {"context": first.name, "expired": True}


def test_a_download_begins_again_on_the_next_page() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.settle()
    download = Download(notebook.session, 7, "file", Content(bytes(9_000_000)))
    notebook.session.delivery.add_download(download)
    notebook.session.page.flush()  # type: ignore[union-attr]
    first.receive()
    notebook.end(first)
    notebook.settle()
    assert 0 < first.files[7] < 9_000_000
    assert second.files == {7: 9_000_000}
    assert download.done


def test_a_download_that_was_begun_stays_where_it_is_when_its_session_goes() -> None:
    notebook = Notebook()
    first, second = notebook.pages
    notebook.settle()
    download = Download(notebook.session, 7, "file", Content(bytes(9_000_000)))
    notebook.session.delivery.add_download(download)
    second.say(0, ["take", 1])
    notebook.settle()
    assert notebook.acting is second
    assert first.files == {7: 9_000_000}
    assert download.done


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_with_polite_takeovers_nothing_is_missing(seed: int) -> None:
    chance = random.Random(seed)
    notebook = Notebook(pages=3)
    for _ in range(60):
        page = chance.choice(notebook.pages)
        match chance.randrange(4):
            case 0:
                notebook.run(chance.randrange(40))
            case 1:
                page.receive(chance.randrange(5))
            case 2:
                page.speak(chance.randrange(5))
            case 3:
                page.say(0, ["take", 1])
    notebook.settle()
    assert notebook.commands == list(range(1, notebook.given + 1))
    assert notebook.reported() == set()


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_pages_do_no_command_runs_twice_or_goes_missing_unsaid(seed: int) -> None:
    """Pages take the session over, are reloaded, crash, say goodbye, in the midst of each other's takeovers, too."""
    chance = random.Random(seed)
    notebook = Notebook(pages=3)
    told: set[int] = set()
    for _ in range(80):
        page = chance.choice(notebook.pages)
        match chance.randrange(8):
            case 0 | 1:
                notebook.run(chance.randrange(40))
            case 2 | 3:
                page.receive(chance.randrange(5))
            case 4:
                page.speak(chance.randrange(5))
            case 5:
                page.say(0, ["take", 1])
            case 6:
                notebook.end(page)
                told |= {
                    int(line.split()[1]) for text in page.shown for line in text.splitlines() if _names(line)
                }
                notebook.pages.append(notebook.page())
            case 7:
                notebook.pages.remove(page)
                notebook.pages.append(page.reloaded(notes=chance.random() < 0.7))
    notebook.settle()
    assert notebook.commands == sorted(set(notebook.commands))
    missing = set(range(1, notebook.given + 1)) - set(notebook.commands)
    assert missing <= notebook.reported() | told
    assert notebook.session.closed is None


@pytest.mark.parametrize("seed", range(3))
def test_ten_thousand_commands_while_the_acting_page_is_killed_ten_times(seed: int) -> None:
    chance = random.Random(seed)
    notebook = Notebook()
    kills = sorted(chance.sample(range(1, 1000), 10))
    for turn in range(1000):
        notebook.run(10)
        for page in notebook.pages:
            page.receive(chance.randrange(3))
            page.speak(chance.randrange(3))
        if turn in kills:
            acting = notebook.acting
            assert acting is not None
            notebook.end(acting)
            notebook.pages.append(notebook.page())
    notebook.settle()
    assert notebook.commands == sorted(set(notebook.commands)), "none twice, all in order"
    missing = set(range(1, 10_001)) - set(notebook.commands)
    assert missing <= notebook.reported(), "each that is missing is named"
    assert notebook.session.closed is None
