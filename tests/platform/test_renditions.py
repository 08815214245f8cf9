"""When a view's rendition is published: at the end of its cell, after a quiet while, at the session's end."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from nbsession._core.outputs import Outputs
from nbsession._jupyter.cells import renditions as module
from nbsession._jupyter.cells.displayed_view import LATER, DisplayedView
from nbsession._jupyter.cells.renditions import AT_LATEST, QUIET, Renditions, limit_from_environment
from nbsession._jupyter.cells.view import VIEW_HTML

if TYPE_CHECKING:
    from nbsession._core.session import Session
    from nbsession._jupyter.cells.cell import Cells, CellScope
    from nbsession._sync.timer_thread import TimerThread

JUPYTERLAB = {"header": {"msg_id": "lab"}, "metadata": {"deletedCells": []}, "content": {"allow_stdin": True}}
OTHER = {"header": {"msg_id": "other"}, "metadata": {}, "content": {"allow_stdin": True}}
NBCLIENT = {"header": {"msg_id": "nbclient"}, "metadata": {}, "content": {"allow_stdin": False}}
SCOPE = cast("CellScope", SimpleNamespace(parent=JUPYTERLAB))


class Timer:
    """A timer and its time."""

    def __init__(self) -> None:
        self.now = 100.0
        self._handles: list[Any] = []

    def handle(self, callback: Callable[[float], float | None]) -> Any:
        handle = SimpleNamespace(callback=callback, when=float("inf"))
        handle.at = lambda when: setattr(handle, "when", min(when, handle.when))
        handle.close = lambda: self._handles.remove(handle)
        self._handles.append(handle)
        return handle

    def advance(self, seconds: float) -> None:
        """Let time pass, with all calls that are due in it."""
        until = self.now + seconds
        while due := [each for each in self._handles if each.when <= until]:
            first = min(due, key=lambda each: each.when)
            self.now = max(self.now, first.when)
            first.when = float("inf")
            following = first.callback(self.now)
            if following is not None:
                first.at(following)
        self.now = until


class Kernel:
    """A session with a view, in a kernel whose messages are kept."""

    def __init__(self, timer: Timer, *, limit: int = 1 << 20) -> None:
        self.timer = timer
        self.messages: list[tuple[dict[str, object], str | None, bool]] = []
        self.parents: list[dict[str, Any]] = []
        self.metadata: list[dict[str, object] | None] = []
        self.executing: object = None
        self.greetings = 0
        self.sent = 0
        self._hooks: list[Callable[[str], object]] = []
        self.session = cast(
            "Session",
            SimpleNamespace(
                number=1, env={}, on_close=self._hooks.append, outputs=Outputs(self._send, lambda: None)
            ),
        )
        cells = SimpleNamespace(
            executing=None, scope_of=lambda _: SCOPE, runs=lambda _: self.executing is SCOPE
        )
        self.renditions = Renditions(
            self._publish,
            cast("TimerThread", timer),
            cast("Cells", cells),
            limit,
            lambda: self.greetings,
        )

    def display(self, parent: dict[str, Any] = JUPYTERLAB, *, live: bool = True) -> None:
        self.renditions.display(
            DisplayedView(self.session, parent, "view", lambda html: {"text/html": html}, live=live)
        )

    def run(self, text: str, parent: dict[str, Any] = JUPYTERLAB) -> None:
        """Run a cell that shows a text."""
        self.executing = SCOPE
        self.display(parent)
        self.put(text)
        self.executing = None
        self.renditions.cell_ended(SCOPE)

    def put(self, text: str) -> None:
        self.session.outputs.put("text", text=text)

    def end(self, reason: str) -> None:
        for hook in self._hooks:
            hook(reason)

    @property
    def updates(self) -> list[str]:
        return [str(data["text/html"]) for data, _, update in self.messages if update]

    def _publish(
        self,
        parent: dict[str, Any],
        data: dict[str, object],
        metadata: dict[str, object] | None = None,
        *,
        display_id: str | None,
        update: bool = False,
    ) -> None:
        self.parents.append(parent)
        self.metadata.append(metadata)
        self.messages.append((data, display_id, update))

    def _send(self, _: object) -> None:
        self.sent += 1


@pytest.fixture
def timer(monkeypatch: pytest.MonkeyPatch) -> Timer:
    timer = Timer()
    monkeypatch.setattr(module, "monotonic", lambda: timer.now)
    return timer


@pytest.fixture
def kernel(timer: Timer) -> Kernel:
    return Kernel(timer)


def test_the_first_bundle_is_constant(kernel: Kernel) -> None:
    kernel.display()
    assert kernel.messages == [({"text/html": VIEW_HTML}, None, False)]
    assert kernel.parents == [JUPYTERLAB]


def test_the_end_of_the_cell_publishes_it(kernel: Kernel) -> None:
    kernel.run("shown")
    [html] = kernel.updates
    assert "shown" in html


def test_what_a_view_shows_after_its_cell_is_marked(kernel: Kernel) -> None:
    kernel.run("shown")
    kernel.put("later")
    kernel.timer.advance(2 * QUIET)
    assert len(kernel.updates) == 2
    assert kernel.metadata[-2:] == [None, LATER]


def test_a_page_that_comes_later_gets_what_the_cell_left_without_a_mark(kernel: Kernel) -> None:
    kernel.run("shown")
    kernel.greetings += 1
    kernel.renditions.seen(kernel.session)
    kernel.timer.advance(2 * QUIET)
    assert len(kernel.updates) == 2
    assert kernel.metadata[-1] is None


def test_nothing_is_published_while_the_cell_runs(kernel: Kernel) -> None:
    kernel.executing = SCOPE
    kernel.display()
    for count in range(100):
        kernel.put(str(count))
        kernel.timer.advance(1)
    assert kernel.updates == []


def test_a_change_is_published_once_it_is_quiet(kernel: Kernel) -> None:
    kernel.run("first")
    kernel.put("second")
    kernel.timer.advance(QUIET / 2)
    kernel.put("third")
    assert len(kernel.updates) == 1
    kernel.timer.advance(2 * QUIET)
    assert len(kernel.updates) == 2
    assert "third" in kernel.updates[1]


def test_a_change_right_after_an_update_is_not_missed(kernel: Kernel) -> None:
    kernel.run("first")
    for text in ("second", "third", "fourth"):
        kernel.put(text)
        kernel.timer.advance(3 * QUIET)
        assert text in kernel.updates[-1]


def test_changes_that_never_end_are_published_now_and_then(kernel: Kernel) -> None:
    kernel.run("first")
    key = kernel.session.outputs.put("progress", value=0)
    for count in range(int(2.5 * AT_LATEST)):
        kernel.session.outputs.update(key, value=count / 1000)
        kernel.timer.advance(1)
    assert len(kernel.updates) == 3


def test_what_is_the_same_is_not_published_again(kernel: Kernel) -> None:
    kernel.run("first")
    key = kernel.session.outputs.put("text", text="there")
    kernel.session.outputs.remove(key)
    kernel.timer.advance(5 * QUIET)
    assert len(kernel.updates) == 1


def test_what_the_reader_types_is_published(kernel: Kernel) -> None:
    kernel.run("first")
    key = kernel.session.outputs.put("pin", field={"type": "text", "name": "n", "label": "L"}, typed=None)
    kernel.timer.advance(5 * QUIET)
    kernel.session.outputs.note(key, typed="abc")
    kernel.timer.advance(5 * QUIET)
    assert "abc" in kernel.updates[-1]


def test_only_the_first_change_calls_anything(kernel: Kernel) -> None:
    outputs = kernel.session.outputs
    key = outputs.put("progress", value=0)
    calls: list[None] = []
    outputs.watch_next_change(lambda: calls.append(None))
    for count in range(1000):
        outputs.update(key, value=count / 1000)
    assert len(calls) == 1
    assert kernel.sent == 1001


def test_the_end_of_the_session_publishes_the_last_state(kernel: Kernel) -> None:
    kernel.run("first")
    kernel.put("last")
    kernel.end("the kernel was shut down")
    assert "last" in kernel.updates[-1]


@pytest.mark.parametrize("reason", ["the cell was run again", "its output was cleared"])
def test_a_session_without_a_view_any_more_publishes_nothing(kernel: Kernel, reason: str) -> None:
    kernel.run("first")
    kernel.put("last")
    kernel.end(reason)
    assert len(kernel.updates) == 1


def test_a_forgotten_session_publishes_nothing(kernel: Kernel) -> None:
    kernel.run("first")
    kernel.renditions.forget(kernel.session)
    kernel.put("last")
    kernel.timer.advance(5 * QUIET)
    assert len(kernel.updates) == 1
    assert len(kernel.renditions) == 0


def test_the_view_of_a_new_session_of_an_app_shows_the_new_one(kernel: Kernel) -> None:
    kernel.run("first")
    other = Kernel(kernel.timer)
    other.session.number = 2
    kernel.renditions.replace(kernel.session, other.session)
    other.put("other")
    kernel.timer.advance(5 * QUIET)
    assert "other" in kernel.updates[-1]
    kernel.end("a new session was started")
    assert len(kernel.updates) == 2


def test_a_page_that_came_later_gets_it(kernel: Kernel) -> None:
    kernel.run("first")
    kernel.greetings = 1
    kernel.renditions.seen(kernel.session)
    kernel.timer.advance(QUIET)
    assert len(kernel.updates) == 2
    kernel.renditions.seen(kernel.session)
    kernel.timer.advance(QUIET)
    assert len(kernel.updates) == 2


def test_jupyterlab_does_not_know_the_display(kernel: Kernel) -> None:
    kernel.run("first")
    assert [display for _, display, _ in kernel.messages] == [None, "nbsession-view"]


def test_other_front_ends_know_it_and_show_it_anew_only_at_the_end_of_the_cell(kernel: Kernel) -> None:
    kernel.run("first", OTHER)
    kernel.put("second")
    kernel.timer.advance(5 * QUIET)
    assert [display for _, display, _ in kernel.messages] == ["nbsession-view", "nbsession-view"]


def test_nobody_is_disturbed_if_nobody_is_there(kernel: Kernel) -> None:
    kernel.run("first", NBCLIENT)
    kernel.put("second")
    kernel.timer.advance(5 * QUIET)
    assert "second" in kernel.updates[-1]


def test_a_session_that_wants_none(kernel: Kernel) -> None:
    kernel.session.env["static"] = False
    kernel.run("first")
    assert kernel.updates == []


def test_one_that_wants_none_any_more_shows_the_constant_text_again(kernel: Kernel) -> None:
    kernel.run("first")
    kernel.session.env["static"] = False
    kernel.put("second")
    kernel.timer.advance(5 * QUIET)
    assert kernel.updates[-1] == VIEW_HTML


def test_without_renditions_nothing_is_kept(timer: Timer) -> None:
    kernel = Kernel(timer, limit=0)
    kernel.run("first")
    assert kernel.updates == []
    assert len(kernel.renditions) == 0


def test_the_limit_applies(timer: Timer) -> None:
    kernel = Kernel(timer, limit=4096)
    kernel.run("x" * 10_000)
    assert len(kernel.updates[-1]) <= 4096


@pytest.mark.parametrize(("given", "limit"), [("", 1 << 20), ("off", 0), ("OFF", 0), ("64", 65536)])
def test_the_environment_variable(monkeypatch: pytest.MonkeyPatch, given: str, limit: int) -> None:
    monkeypatch.setenv("NBSESSION_STATIC", given)
    assert limit_from_environment() == limit


@pytest.mark.parametrize("given", ["no", "0", "-1", "1.5", "1 MiB"])
def test_a_value_that_means_nothing(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("NBSESSION_STATIC", given)
    with pytest.raises(ValueError, match="NBSESSION_STATIC must be a number of KiB above 0, or off"):
        limit_from_environment()
