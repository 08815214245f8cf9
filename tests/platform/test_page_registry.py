"""Which page a session gets, and what happens when pages come and go."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._core.session import Session, sessions_of
from nbsession._core.values import Encoded
from nbsession._jupyter.pages.comm_transport import CommTransport
from nbsession._jupyter.pages.listeners import Listeners
from nbsession._jupyter.pages.page_registry import UNANSWERED, PageRegistry
from nbsession._jupyter.shell.shell_interceptor import CommMessage
from nbsession._sync.timer_thread import TimerThread
from nbsession.exceptions import SessionClosedException

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._core.page import Page
    from nbsession._sync.waiter import Waiter


class Kernel:
    """The little of a platform that sessions need here."""

    def __init__(self, **options: Any) -> None:
        self.alarm = TimerThread()
        self.sent: list[dict[str, Any]] = []
        self.busy = False
        self.stuck: Session | None = None
        self.works = False
        self.keeps = False
        self.before_works: Callable[[], object] | None = None
        self.shown_on: frozenset[str] = frozenset()  # the ids of the pages that show views
        self.was_asked = threading.Event()
        self.wire: dict[str, deque[tuple[dict[str, Any], list[Any]]]] = {}  # by context
        self.page_registry = PageRegistry(
            self.publish,
            self.alarm,
            Listeners(
                self._control,
                ended=lambda _page: self.page_ended.set(),
                showing=lambda _session: self.shown_on,
            ),
            busy=self._say_busy,
            stuck=lambda session: session is self.stuck,
            works=self._say_works,
            **options,
        )
        self.next_channel = itertools.count(1).__next__
        self.sessions: dict[int, Session] = {}
        self.page_ended = threading.Event()
        self.was_closed = threading.Event()

    def publish(self, envelope: Mapping[str, object], buffers: Sequence[Any]) -> None:
        self.sent.append(dict(envelope))
        if envelope.get("context") in self.wire:
            self.wire[str(envelope["context"])].append((dict(envelope), list(buffers)))

    def _control(self, page: Any, body: list[Any]) -> None:
        if body[0] == "take":
            self.page_registry.take(self.sessions[body[1]], page)

    def _say_busy(self) -> bool:
        self.was_asked.set()
        return self.busy

    def _say_works(self, session: Session) -> bool:
        before, self.before_works = self.before_works, None
        if before is not None:
            before()
        return self.works

    def end_cell(self) -> None:
        self.busy = False
        self.page_registry.cell_ended()

    def attach(self, session: Session) -> None:
        self.page_registry.attach(session)

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        return waiter.wait(timeout)

    def keep_outputs(self, session: Session) -> bool:
        return self.keeps

    def closed(self, session: Session) -> None:
        self.page_registry.tell_ended(session, session.closed or "")
        self.was_closed.set()

    def show(self, session: Session) -> None:
        pass

    def offer(self, download: object) -> None:
        return None

    def session(self, peer: str | None = None) -> Session:
        session = Session(self, self.next_channel(), peer)  # type: ignore[arg-type]
        self.sessions[session.number] = session
        self.attach(session)
        return session

    def say(self, content: dict[str, Any], peer: str = "peer", buffers: Sequence[Any] = ()) -> None:
        self.page_registry.receive(
            CommMessage(content, [memoryview(each) for each in buffers], {"session": peer})
        )

    def hello(
        self, page: str, peer: str = "peer", context: str | None = None, previous: object = None
    ) -> None:
        fields = {
            "version": "1.0",
            "page": page,
            "context": context or page,
            "previous": previous,
            "info": {},
        }
        self.say({"hello": fields}, peer)


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


def test_a_session_waits_for_the_first_page(kernel: Kernel) -> None:
    session = kernel.session()
    assert session.page is None
    kernel.hello("a")
    assert session.page is not None
    assert session.page.page_id == "a"  # type: ignore[unreachable]


def test_a_page_of_this_process_s_own_promises_no_other(kernel: Kernel) -> None:
    """After a fake browser was closed a notebook without a front end is one without a page again."""
    page = kernel.page_registry.admit("fake", "fake", {}, CommTransport(kernel.publish, {}))
    assert kernel.page_registry.greetings
    kernel.page_registry.dismiss(page, "the fake browser was closed")
    assert not kernel.page_registry.greetings


def test_a_page_is_told_when_the_reader_turns_to_another(kernel: Kernel) -> None:
    """It says so at the next touch: until then it need not."""
    told = {"a": [], "b": []}  # type: dict[str, list[Any]]
    for name, heard in told.items():
        kernel.hello(name, peer=name)
        page = kernel.session(name).page
        assert page is not None
        page.tell = heard.append  # type: ignore[method-assign,assignment]
    told["a"].clear()  # it was asked whether it is still there
    for name in ("a", "a", "b"):
        page = kernel.session(name).page
        assert page is not None
        kernel.page_registry.touched(page)
    assert told == {"a": [["untouched"]], "b": []}


def test_a_session_waits_a_moment_for_its_own_page() -> None:
    kernel = Kernel(own_page_within=3600)
    session = kernel.session("mine")
    kernel.hello("a", peer="other")
    assert session.page is None
    kernel.hello("b", peer="mine")
    assert session.page is not None
    assert session.page.page_id == "b"  # type: ignore[unreachable]


@pytest.fixture
def expected() -> Kernel:
    """A kernel with a session whose own page has not said hello, while another one has."""
    kernel = Kernel(own_page_within=3600)
    kernel.session("mine")
    kernel.hello("other", peer="other")
    return kernel


def test_a_session_that_waits_for_its_own_page_takes_no_other_for_a_command(expected: Kernel) -> None:
    session = expected.sessions[1]
    session.delivery.run(Encoded('["run","1",{}]', ()))
    assert session.page is None
    expected.hello("own", peer="mine")
    assert session.page is expected.page_registry.pages["own"]


@pytest.fixture
def in_vain() -> Kernel:
    """A kernel whose first session has waited for its own page in vain, and taken another."""
    kernel = Kernel(own_page_within=0)
    attached = threading.Event()
    kernel.session("mine").delivery.on_attach(attached.set)
    kernel.hello("other", peer="other")
    assert attached.wait(60)
    return kernel


def test_a_session_whose_page_does_not_come_takes_another(in_vain: Kernel) -> None:
    assert in_vain.sessions[1].page is in_vain.page_registry.pages["other"]


def test_a_session_that_has_waited_for_its_own_page_in_vain_stays_on_the_other(in_vain: Kernel) -> None:
    in_vain.hello("own", peer="mine")
    pages = in_vain.page_registry.pages
    assert (in_vain.sessions[1].page, pages["own"].channels) == (pages["other"], ())


def test_a_session_that_the_reader_took_waits_for_its_own_page_no_longer(expected: Kernel) -> None:
    session = expected.sessions[1]
    other = expected.page_registry.pages["other"]
    expected.page_registry.take(session, other)
    expected.hello("own", peer="mine")
    assert (session.page, expected.page_registry.pages["own"].channels) == (other, ())
    assert expected.page_registry.counts()["waiting sessions"] == 0


def test_a_session_acts_on_one_page(kernel: Kernel) -> None:
    kernel.hello("a")
    session = kernel.session()
    kernel.hello("b")
    first, second = kernel.page_registry.pages.values()
    session.delivery.attach(second)
    assert (session.page, second.channels) == (first, ())


@pytest.mark.parametrize("successor", [False, True])
@pytest.mark.parametrize("waits", [False, True])
def test_a_session_whose_page_ends_at_this_moment_is_on_no_dead_page(
    monkeypatch: pytest.MonkeyPatch, *, waits: bool, successor: bool
) -> None:
    kernel = Kernel(own_page_within=3600)
    session = Session(kernel, 1, "mine")  # type: ignore[arg-type]
    attach = session.delivery.attach

    def attach_when_it_has_ended(page: Page) -> None:
        if page.page_id == "a":
            kernel.page_registry.dismiss(page, "the page was closed")
        attach(page)

    monkeypatch.setattr(session.delivery, "attach", attach_when_it_has_ended)
    if waits:
        kernel.attach(session)
    if successor:
        kernel.hello("b", peer="other")
    kernel.hello("a", peer="mine")
    if not waits:
        kernel.attach(session)
    if successor:
        assert session.page is kernel.page_registry.pages["b"]
    else:
        assert (session.page, session.closed) == (None, "the page was closed")


def test_hello_is_answered_each_time(kernel: Kernel) -> None:
    kernel.hello("a")
    kernel.hello("a")
    assert [envelope for envelope in kernel.sent if "welcome" in envelope] == [
        {"context": "a", "welcome": {"version": "1.0"}}
    ] * 2


def test_a_hello_heard_twice_keeps_the_link(kernel: Kernel) -> None:
    session = kernel.session()
    kernel.hello("a")
    page = session.page
    kernel.hello("a")
    assert session.page is page


def test_a_reloaded_page_keeps_its_sessions(kernel: Kernel) -> None:
    session = kernel.session()
    kernel.hello("a", context="one")
    kernel.say({"context": "one", "goodbye": True})
    kernel.hello(
        "a", peer="new connection", context="two", previous={"context": "one", "begun": 0, "finished": True}
    )
    assert session.page is not None
    assert (session.page.context, session.page.transport.peer) == ("two", "new connection")
    assert session.closed is None


def test_a_page_that_does_not_return_ends_its_sessions() -> None:
    kernel = Kernel(return_within=0)
    session = kernel.session()
    kernel.hello("a")
    kernel.say({"context": "a", "goodbye": True})
    assert kernel.was_closed.wait(60)
    assert session.closed == "the page was closed"
    with pytest.raises(SessionClosedException):
        session.check_open()


@pytest.fixture
def left() -> Kernel:
    """A kernel whose page has left while a cell runs, and the time for its return is over."""
    kernel = Kernel(return_within=0.05)
    kernel.session()
    kernel.hello("a")
    kernel.busy = True
    kernel.say({"context": "a", "goodbye": True})
    assert kernel.was_asked.wait(60)
    return kernel


def test_a_page_that_leaves_while_a_cell_runs_keeps_its_sessions(left: Kernel) -> None:
    left.was_asked.clear()
    assert left.was_asked.wait(60)
    assert not left.was_closed.is_set()


def test_a_session_ends_if_the_cell_that_runs_waits_for_a_page_that_left(left: Kernel) -> None:
    page = left.page_registry.pages["a"]
    left.stuck, other = Session(left, 5), Session(left, 6)  # type: ignore[arg-type]
    for session in (left.stuck, other):
        session.delivery.attach(page)
    assert left.was_closed.wait(60)
    assert (left.stuck.closed, other.closed) == (UNANSWERED, None)


def test_a_page_that_left_while_a_cell_ran_may_return_when_it_has_ended(left: Kernel) -> None:
    [session] = sessions_of(left.page_registry.pages["a"])
    left.end_cell()
    left.hello("a", context="two", previous={"context": "a", "begun": 0, "finished": True})
    assert session.page is not None
    assert session.page.context == "two"


def test_a_page_that_left_while_a_cell_ran_and_does_not_return_ends(left: Kernel) -> None:
    left.end_cell()
    assert left.was_closed.wait(60)
    assert "a" not in left.page_registry.pages


def test_a_page_has_all_its_time_to_return_from_when_a_cell_has_ended() -> None:
    asked: list[float] = []

    def hearing() -> bool:
        asked.append(monotonic())
        if len(asked) == 1:
            short.end_cell()
        return True

    short = Kernel(return_within=0.05, hearing=hearing)
    short.session()
    short.hello("a")
    short.say({"context": "a", "goodbye": True})
    assert short.was_closed.wait(60)
    assert asked[-1] - asked[0] >= 0.05


def test_a_heartbeat_is_not_answered(kernel: Kernel) -> None:
    kernel.hello("a")
    said = len(kernel.sent)
    kernel.say({"context": "a", "alive": True})
    assert len(kernel.sent) == said


@pytest.mark.parametrize("envelope", [{"frame": {"ack": 0}}, {"alive": True}])
def test_a_page_that_was_silent_for_the_lease_is_told_to_start_over(envelope: dict[str, Any]) -> None:
    kernel = Kernel(lease=0.02)
    session = kernel.session()
    kernel.hello("a")
    assert kernel.was_closed.wait(60)
    assert session.closed == "its page was silent for 0.02 s"
    kernel.say({"context": "a", **envelope})
    assert kernel.sent[-1] == {"context": "a", "expired": True}


def test_a_goodbye_of_an_unknown_context_is_not_answered(kernel: Kernel) -> None:
    kernel.say({"context": "nobody", "goodbye": True})
    assert kernel.sent == []


def test_a_page_that_says_goodbye_twice_ends_once_and_for_all() -> None:
    kernel = Kernel(return_within=0)
    session = kernel.session()
    kernel.hello("a")
    for _ in range(2):
        kernel.say({"context": "a", "goodbye": True})
    assert kernel.was_closed.wait(60)
    assert session.closed == "the page was closed"
    assert len(kernel.alarm.handles) == 3  # of any page, of sessions without one, and of the lease


def test_a_page_that_was_put_away_may_return_as_long_as_its_lease_runs() -> None:
    kernel = Kernel(return_within=0, lease=0.2)
    session = kernel.session()
    kernel.hello("a")
    kernel.say({"context": "a", "goodbye": True, "put_away": True})
    assert kernel.was_closed.wait(60)
    assert session.closed == "its page was silent for 0.2 s"


def test_a_short_lease_asks_for_more_heartbeats() -> None:
    kernel = Kernel(lease=40)
    kernel.hello("a")
    assert kernel.sent == [{"context": "a", "welcome": {"version": "1.0", "heartbeat": 10}}]


def test_a_frame_of_an_unknown_context_is_told_to_start_over(kernel: Kernel) -> None:
    kernel.say({"context": "nobody", "frame": {"ack": 0}})
    assert kernel.sent == [{"context": "nobody", "expired": True}]


def test_another_major_version_is_refused(kernel: Kernel) -> None:
    kernel.say({"hello": {"version": "2.0", "page": "a", "context": "a"}})
    assert kernel.sent[0]["context"] == "a"
    assert "2.0" in kernel.sent[0]["refused"]["reason"]


@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"hello": 1},
        {"hello": {"page": 1, "context": 2}},
        {"goodbye": True, "context": []},
        {"frame": 1, "context": {}},
    ],
)
def test_an_envelope_that_makes_no_sense_is_dropped(kernel: Kernel, envelope: dict[str, Any]) -> None:
    kernel.hello("a")
    kernel.sent.clear()
    kernel.say(envelope)
    assert kernel.sent == []
