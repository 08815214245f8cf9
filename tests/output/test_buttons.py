"""Buttons call functions: which, with what, in which order, and where what they put goes."""

from __future__ import annotations

import asyncio
import functools
import threading
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest

from nbsession.output import clear, put_button, put_buttons, put_file, put_text, use_scope
from tests.session.fake_platform import TIMEOUT, FakePage

if TYPE_CHECKING:
    from nbsession._core.session import Session

    from .conftest import Screen


def click(session: Session, screen: Screen, index: object, node: int = 0) -> None:
    """Do what the page does when a button is clicked."""
    buttons = [each for each in screen.nodes if "callback" in each]
    session.receive(["callback", buttons[node]["callback"], index], (), FakePage())


def test_one_function_is_given_the_value(session: Session, screen: Screen) -> None:
    said: Queue[Any] = Queue()
    value = object()
    put_buttons(["a", ("b", value), {"label": "c", "value": 3}], said.put)
    for index in (0, 1, 2):
        click(session, screen, index)
    assert [said.get(timeout=TIMEOUT) for _ in range(3)] == ["a", value, 3]


def test_each_button_has_its_own_function(session: Session, screen: Screen) -> None:
    said: Queue[str] = Queue()
    put_buttons(["add", "show", "nothing"], [lambda: said.put("added"), lambda: said.put("shown"), None])
    for index in (2, 1, 0):
        click(session, screen, index)
    assert [said.get(timeout=TIMEOUT) for _ in range(2)] == ["shown", "added"]


def test_fifty_clicks_run_in_order(session: Session, screen: Screen) -> None:
    said: Queue[int] = Queue()
    put_buttons(range(50), said.put)
    for index in range(50):
        click(session, screen, index)
    assert [said.get(timeout=TIMEOUT) for _ in range(50)] == list(range(50))


def test_buttons_may_be_any_iterable_of_them(screen: Screen) -> None:
    put_buttons({"a": 1, "b": 2}.keys(), print)
    assert [each["label"] for each in screen.only["buttons"]] == ["a", "b"]


def test_buttons_accept_the_original_s_option_for_coroutine_apps(screen: Screen) -> None:
    put_buttons(["a"], print, mutex_mode=True)
    assert not screen.only["repeat"]


def test_without_serial_mode_a_call_does_not_wait_for_another(session: Session, screen: Screen) -> None:
    meet = threading.Barrier(2)
    said: Queue[str] = Queue()
    put_buttons(["a", "b"], lambda value: said.put((meet.wait(TIMEOUT), value)[1]), serial_mode=False)
    click(session, screen, 0)
    click(session, screen, 1)
    assert {said.get(timeout=TIMEOUT), said.get(timeout=TIMEOUT)} == {"a", "b"}


def test_what_a_callback_puts_goes_to_the_scope_of_the_button(session: Session, screen: Screen) -> None:
    done = threading.Event()

    def show() -> None:
        put_text("in the scope")
        done.set()

    with use_scope("a"):
        put_button("go", show)
    click(session, screen, 0)
    assert done.wait(TIMEOUT)
    assert screen.texts(screen.scope("a")) == ["in the scope"]


def test_so_it_does_in_a_coroutine_function(session: Session, screen: Screen) -> None:
    done = threading.Event()

    async def go() -> None:
        put_text("in the scope")
        done.set()

    with use_scope("a"):
        put_button("go", go)
    click(session, screen, 0)
    assert done.wait(TIMEOUT)
    assert screen.texts(screen.scope("a")) == ["in the scope"]


@pytest.mark.parametrize("index", [7, -1, None, "0", True, [0]])
def test_what_the_page_makes_up_calls_nothing(session: Session, screen: Screen, index: object) -> None:
    said: Queue[str] = Queue()
    put_buttons(["a"], said.put)
    click(session, screen, index)
    click(session, screen, 0)
    assert said.get(timeout=TIMEOUT) == "a"
    assert said.empty()


def test_removed_buttons_leave_no_callback(session: Session) -> None:
    put_buttons(["a"], print)
    put_button("b", print).remove()
    put_file("c.txt", "c")
    clear()
    assert len(session.callbacks) == 0


def test_updated_buttons_call_the_new_function_only(session: Session, screen: Screen) -> None:
    said: Queue[str] = Queue()
    buttons = put_buttons(["a"], print)
    buttons.update(onclick=said.put)
    click(session, screen, 0)
    assert said.get(timeout=TIMEOUT) == "a"
    assert len(session.callbacks) == 1


def test_labels_are_text(screen: Screen) -> None:
    put_buttons(["<b>x</b>", 5], print)
    assert screen.only["buttons"] == [{"label": "<b>x</b>"}, {"label": "5"}]


@pytest.mark.parametrize(
    ("buttons", "onclick", "error"),
    [
        ("ab", print, TypeError),
        ([("a", 1, 2)], print, ValueError),
        ([{"value": 1}], print, ValueError),
        ([{"label": "a", "color": "pink"}], print, ValueError),
        (["a", "b"], [print], TypeError),
        (["a"], ["b"], TypeError),
        (["a"], 3, TypeError),
        ([], None, TypeError),
        (["a"], lambda: None, TypeError),
        (["a"], [lambda value: None], TypeError),
    ],
)
def test_buttons_of_another_form_are_refused(buttons: Any, onclick: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"put_buttons\(\) expects"):
        put_buttons(buttons, onclick)


def test_a_function_that_does_not_take_the_value_is_told_that_it_gets_it() -> None:
    def add() -> None: ...

    with pytest.raises(
        TypeError, match=r"onclick to take one argument, the clicked button's value, not add\(\)$"
    ):
        put_buttons(["a"], add)


def test_a_wrapper_may_take_what_the_wrapped_function_does_not(session: Session, screen: Screen) -> None:
    said: Queue[str] = Queue()

    @functools.wraps(lambda: None)
    def wrapper(value: str) -> None:
        said.put(value)

    put_buttons(["a"], wrapper)
    click(session, screen, 0)
    assert said.get(timeout=TIMEOUT) == "a"


def test_a_function_whose_signature_is_not_known_is_let_pass(screen: Screen) -> None:
    put_buttons(["a"], vars)
    assert screen.only["buttons"] == [{"label": "a"}]


@pytest.mark.parametrize(
    ("key", "hint"),
    [("colour", "did you mean 'color'"), ("href", "the keys are label, value, color, disabled")],
)
def test_an_unknown_key_of_a_button_names_the_nearest_known_one(key: str, hint: str) -> None:
    with pytest.raises(TypeError, match=f"'{key}' in a button's dict: {hint}"):
        put_buttons([{"label": "x", key: "red"}], print)


def test_an_update_that_is_refused_changes_nothing(session: Session, screen: Screen) -> None:
    said: Queue[str] = Queue()
    buttons = put_buttons(["a"], said.put)
    with pytest.raises(TypeError, match="onclick"):
        buttons.update(["b"], 3)
    buttons.update(small=True)
    click(session, screen, 0)
    assert said.get(timeout=TIMEOUT) == "a"


def test_put_button_wants_a_function() -> None:
    with pytest.raises(TypeError, match="onclick"):
        put_button("a", "b")  # type: ignore[arg-type]


class Slow:
    """A function that returns when it is told to."""

    def __init__(self) -> None:
        self.calls: Queue[object] = Queue()
        self.released = threading.Semaphore(0)

    def __call__(self, value: object) -> None:
        self.calls.put(value)
        assert self.released.acquire(timeout=TIMEOUT)

    def begun(self) -> object:
        return self.calls.get(timeout=TIMEOUT)

    def go_on(self, session: Session) -> None:
        """Let a call return, and wait until what follows it on the callbacks' thread runs."""
        over = threading.Event()
        session.callbacks.call(session.callbacks.add(lambda _: over.set()), None)
        self.released.release()
        assert over.wait(TIMEOUT)


@pytest.fixture
def slow() -> Slow:
    return Slow()


def test_a_button_is_busy_while_its_function_runs(session: Session, screen: Screen, slow: Slow) -> None:
    put_buttons(["a", "b"], slow)
    before = screen.only["busy"]
    click(session, screen, 1)
    slow.begun()
    during = screen.only["busy"]
    slow.go_on(session)
    assert (before, during, screen.only["busy"]) == ([], [1], [])


def test_a_button_is_busy_while_its_function_waits_for_another(
    session: Session, screen: Screen, slow: Slow
) -> None:
    put_buttons(["a", "b"], slow)
    click(session, screen, 0)
    slow.begun()
    click(session, screen, 1)
    assert screen.only["busy"] == [0, 1]
    slow.released.release()
    slow.go_on(session)


def test_a_busy_button_is_not_pressed_again(session: Session, screen: Screen, slow: Slow) -> None:
    put_buttons(["a"], slow)
    for _ in range(3):
        click(session, screen, 0)
    slow.begun()
    slow.go_on(session)
    assert slow.calls.empty()


def test_a_button_is_pressed_again_when_its_function_has_returned(
    session: Session, screen: Screen, slow: Slow
) -> None:
    put_buttons(["a"], slow)
    for _ in range(2):
        click(session, screen, 0)
        assert slow.begun() == "a"
        slow.go_on(session)


def test_repeat_queues_the_presses_of_a_busy_button(session: Session, screen: Screen, slow: Slow) -> None:
    put_button("a", lambda: slow("a"), repeat=True)
    for _ in range(2):
        click(session, screen, 0)
    slow.begun()
    during = screen.only["busy"]
    slow.released.release()
    slow.begun()
    between = screen.only["busy"]
    slow.go_on(session)
    assert (during, between, screen.only["busy"]) == ([0], [0], [])


def test_a_function_that_raises_is_no_reason_to_stay_busy(session: Session, screen: Screen) -> None:
    button = put_button("a", lambda: 1 / 0)
    over = threading.Event()
    click(session, screen, 0)
    session.callbacks.call(session.callbacks.add(lambda _: over.set()), None)
    assert over.wait(TIMEOUT)
    assert next(node for node in screen.nodes if node["key"] == button.key)["busy"] == []


def test_a_coroutine_function_keeps_its_button_busy(session: Session, screen: Screen) -> None:
    began, go_on, over = threading.Event(), threading.Event(), threading.Event()

    async def wait() -> None:
        began.set()
        while not go_on.is_set():  # noqa: ASYNC110 -- set by another thread
            await asyncio.sleep(0.001)

    put_button("a", wait)
    click(session, screen, 0)
    assert began.wait(TIMEOUT)
    during = screen.only["busy"]
    session.callbacks.call(session.callbacks.add(lambda _: over.set()), None)
    go_on.set()
    assert over.wait(TIMEOUT)
    assert (during, screen.only["busy"]) == ([0], [])


def test_buttons_that_are_replaced_by_fewer_are_not_busy(
    session: Session, screen: Screen, slow: Slow
) -> None:
    buttons = put_buttons(["a", "b"], slow)
    click(session, screen, 1)
    slow.begun()
    buttons.update(["c"])
    during = screen.only["busy"]
    slow.go_on(session)
    assert (during, screen.only["busy"]) == ([], [])


def test_a_button_that_changes_its_own_label_stays_busy(session: Session, screen: Screen, slow: Slow) -> None:
    def work() -> None:
        button.update("Working")
        slow("a")

    button = put_button("Work", work)
    click(session, screen, 0)
    slow.begun()
    click(session, screen, 0)
    during = screen.only
    slow.go_on(session)
    assert (during["buttons"][0]["label"], during["busy"], screen.only["busy"]) == ("Working", [0], [])
    assert slow.calls.empty()


@pytest.mark.parametrize("index", [-1, 2, 10**9, True, "0", None])
def test_a_press_of_a_button_that_is_not_there_is_ignored(
    session: Session, screen: Screen, index: object
) -> None:
    pressed: Queue[object] = Queue()
    put_buttons(["a", "b"], pressed.put)
    click(session, screen, index)
    click(session, screen, 1)
    assert pressed.get(timeout=TIMEOUT) == "b"
    assert pressed.empty()
