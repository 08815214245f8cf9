"""Functions that the page calls: on the session's own thread or its loop, each call with its answer."""

from __future__ import annotations

import asyncio
import json
import threading
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbsession._core.backlog import BACKLOG_LIMIT
from nbsession._core.call import Call
from nbsession._core.current import runtime
from nbsession._core.failure import UNTOLD
from nbsession._core.session import Session
from nbsession._core.values import decode, encode_command

from .fake_platform import TIMEOUT, FakePage, FakePlatform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class FakeCaller:
    """A page that calls functions of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers = iter(range(1, 100_000))
        self.context = "context"
        self.answers: Queue[tuple[list[Any], Sequence[Any]]] = Queue()
        self.unsent = 0
        self.violations: list[str] = []

    def waiting(self, channel: int | None = None) -> int:
        return self.unsent

    def violate(self, what: str) -> None:
        self.violations.append(what)

    def answer(self, channel: int, text: str, buffers: Sequence[Any]) -> None:
        assert channel == self._session.number
        self.answers.put((json.loads(text), buffers))

    def call(self, function: Callable[..., object], *arguments: object) -> int:
        """Pass a function to the page, which calls it. Return the number of the call."""
        return self.call_number(self._session.functions.add(function), list(arguments))

    def call_number(self, function: object, *message: object) -> int:
        call = next(self._numbers)
        self._session.receive(["call", function, call, *message], (), self)
        return call

    def take(self) -> list[Any]:
        return self.answers.get(timeout=TIMEOUT)[0]

    def value(self) -> object:
        """The value of the next answer."""
        answer, buffers = self.answers.get(timeout=TIMEOUT)
        assert answer[0] == "returned"
        return decode(
            answer[2], answer[3] if len(answer) > 3 else None, [memoryview(each) for each in buffers]
        )


@pytest.fixture
def page(session: Session) -> FakeCaller:
    """A page of a session of functions."""
    return FakeCaller(session)


@pytest.fixture
def loop_session(platform: FakePlatform) -> Iterator[tuple[Session, asyncio.AbstractEventLoop]]:
    """A session as that of a coroutine app, whose loop runs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    session = platform.session()
    session.loop, session.loop_thread = loop, thread.ident
    yield session, loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_function_becomes_a_special_of_its_command(session: Session) -> None:
    text, _ = encode_command("run_js", ("run",), "f()", {"f": print, "n": 1}, session.functions)
    assert json.loads(text) == ["run", "f()", {"f": None, "n": 1}, [[["f"], "function", 1]]]


def test_functions_may_be_members_of_arguments(session: Session) -> None:
    text, _ = encode_command("run_js", ("run",), "o", {"o": {"a": [print, len]}}, session.functions)
    specials = [[["o", "a", 0], "function", 1], [["o", "a", 1], "function", 2]]
    assert json.loads(text)[3] == specials


def test_a_command_that_cannot_be_sent_leaves_no_function(session: Session) -> None:
    with pytest.raises(TypeError, match="argument 'o'"):
        encode_command("run_js", ("run",), "o", {"f": print, "o": object()}, session.functions)
    assert len(session.functions) == 0


def test_the_page_gets_what_the_function_returns(page: FakeCaller) -> None:
    call = page.call(lambda a, b: a + b, 2, 3)
    assert page.take() == ["returned", call, 5]


def test_a_function_may_return_nothing(page: FakeCaller) -> None:
    page.call(lambda: None)
    assert page.value() is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_returned_follows_the_rules_of_values(value: object) -> None:
    session = FakePlatform().session()
    page = FakeCaller(session)
    page.call(lambda: value)
    assert page.value() == value
    session.close()


def test_a_function_may_return_a_function(session: Session, page: FakeCaller) -> None:
    page.call(lambda: len)
    answer = page.take()
    assert answer[3] == [[[], "function", 2]]
    page.call_number(2, ["four"])
    assert page.value() == 4


def test_an_exception_rejects_the_promise(page: FakeCaller) -> None:
    call = page.call({}.__getitem__, "x")
    assert page.take() == ["threw", call, {"name": "KeyError", "message": "'x'"}]


def test_an_exception_is_shown(session: Session, page: FakeCaller) -> None:
    page.call(lambda: 1 / 0)
    page.take()
    page.call(lambda: None)  # after it was shown
    page.take()
    assert "ZeroDivisionError" in str(session.outputs.snapshot())


def test_a_value_that_cannot_be_sent_rejects_the_promise(page: FakeCaller) -> None:
    def answer() -> object:
        return {"x": object()}

    page.call(answer)
    name, _, error = page.take()
    assert (name, error["name"]) == ("threw", "TypeError")
    assert (
        "the value that answer() returned cannot be sent to JavaScript: value['x'] is a" in error["message"]
    )


@pytest.mark.parametrize(
    "message",
    [[5], [None, [[[0], "nothing known"]]], [[None], [[[7], "nan"]]]],
    ids=["no list", "an unknown special", "a path to nowhere"],
)
def test_arguments_that_violate_the_protocol_reject_the_promise(
    session: Session, page: FakeCaller, message: list[object]
) -> None:
    page.call_number(session.functions.add(print), *message)
    assert page.take()[2]["name"] == "ProtocolError"


@pytest.mark.parametrize("number", [99, "1", None, True, [1]])
def test_a_function_that_is_not_there_rejects_the_promise(page: FakeCaller, number: object) -> None:
    page.call_number(number, [])
    assert page.take()[2]["name"] == "ReferenceError"


@pytest.mark.parametrize("call", [None, "1", True, 1.5, [1]])
def test_a_call_without_a_number_is_ignored(session: Session, page: FakeCaller, call: object) -> None:
    number = session.functions.add(lambda: "called")
    session.receive(["call", number, call, []], (), page)
    page.call_number(number, [])
    assert page.value() == "called"
    assert page.answers.empty()


def test_what_the_page_has_dropped_is_gone(session: Session, page: FakeCaller) -> None:
    numbers = [session.functions.add(print) for _ in range(10_000)]
    session.receive(["release", [*numbers, 20_000, "1", None]], (), page)
    assert len(session.functions) == 0


@pytest.mark.parametrize("message", [["release"], ["release", 5], ["release", {"1": 1}]])
def test_a_release_of_unknown_shape_is_ignored(
    session: Session, page: FakeCaller, message: list[object]
) -> None:
    session.functions.add(print)
    session.receive(message, (), page)
    assert len(session.functions) == 1


def test_a_session_that_ends_keeps_no_functions(session: Session) -> None:
    session.functions.add(print)
    session.close()
    assert len(session.functions) == 0


def pass_on(session: Session, function: Callable[..., object]) -> None:
    """Do what run_js does with a function."""
    session.delivery.run(encode_command("run_js", ("run",), "f()", {"f": function}, session.functions))


def test_a_page_that_is_lost_takes_its_functions_with_it(session: Session) -> None:
    """Those of commands that the next page runs stay."""
    page = FakePage()
    session.delivery.attach(page)  # type: ignore[arg-type]
    for _ in range(3):
        pass_on(session, print)
    texts = [text for _, text in page.sent if text.startswith('["run"')]
    page.queued = [(text, ()) for text in texts[1:]]
    session.lost([], texts[1:])
    assert sorted(session.functions.known) == [2, 3]


def test_a_page_that_is_lost_does_not_take_what_it_was_not_sent(session: Session) -> None:
    page = FakePage()
    session.delivery.attach(page)  # type: ignore[arg-type]
    encode_command("run_js", ("run",), "f()", {"f": print}, session.functions)
    session.lost([], [])
    assert len(session.functions) == 1


def test_an_eval_that_is_withdrawn_before_a_page_came_leaves_no_function(session: Session) -> None:
    command = encode_command("eval_js", ("eval", 7), "f()", {"f": print}, session.functions)
    session.delivery.ask(7, command, Call(session))
    session.delivery.withdraw(7, command)
    assert len(session.functions) == 0


def test_commands_that_are_dropped_leave_no_functions(session: Session) -> None:
    pass_on(session, print)
    session.delivery.drop_backlog(0)
    assert len(session.functions) == 0


def test_a_visitor_does_not_see_exceptions_that_are_not_for_him(platform: FakePlatform) -> None:
    session = platform.session()
    session.tells_failures = False
    page = FakeCaller(session)
    call = page.call(int, "the password")
    assert page.take() == ["threw", call, {"name": "Error", "message": UNTOLD}]


def test_a_page_that_takes_no_answers_is_closed(session: Session, page: FakeCaller) -> None:
    page.unsent = 2 * BACKLOG_LIMIT + 1
    page.call(lambda: "an answer")
    assert (page.violations, page.answers.empty()) == (["it does not take the answers to its calls"], True)


def test_a_page_does_not_make_python_keep_any_number_of_functions(session: Session, page: FakeCaller) -> None:
    for _ in range(10_000):
        session.functions.add(print)
    page.call(lambda: print)
    name, _, error = page.take()
    assert (name, error["name"]) == ("threw", "TypeError")


class TextlessError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def test_an_exception_without_a_text_rejects_the_promise(page: FakeCaller) -> None:
    def fail() -> None:
        raise TextlessError

    page.call(fail)
    assert page.take()[2] == {"name": "TextlessError", "message": "<exception str() failed>"}


@pytest.mark.parametrize("apart", [False, True], ids=["plain", "coroutine"])
def test_a_coroutine_callback_that_awaits_the_page_does_not_hold_up_functions(
    session: Session, page: FakeCaller, *, apart: bool
) -> None:
    awaits, answered = threading.Event(), Queue[object]()

    async def answer() -> str:
        return "from Python"

    async def callback(_: object) -> None:
        call = Call(session, awaited=True)
        session.delivery.ask(7, encode_command("eval_js", ("eval", 7), "await f()", {}), call)
        awaits.set()
        answered.put(await call.within(TIMEOUT))

    session.callbacks.call(session.callbacks.add(callback), None)
    assert awaits.wait(TIMEOUT)
    page.call(answer if apart else lambda: "from Python")
    session.settle(7, page.value())
    assert answered.get(timeout=TIMEOUT) == "from Python"


def test_calls_that_are_made_while_a_callback_waits_run_in_order(session: Session, page: FakeCaller) -> None:
    waits = threading.Event()

    def callback(_: object) -> None:
        call = Call(session)
        session.delivery.ask(7, encode_command("eval_js", ("eval", 7), "await f()", {}), call)
        waits.set()
        call.result(TIMEOUT)

    session.callbacks.call(session.callbacks.add(callback), None)
    assert waits.wait(TIMEOUT)
    calls = [page.call(lambda n: n, n) for n in range(100)]
    assert [page.take() for _ in calls] == [["returned", call, n] for n, call in enumerate(calls)]
    session.settle(7, None)


def test_calls_run_in_order(page: FakeCaller) -> None:
    calls = [page.call(lambda n: n, n) for n in range(100)]
    assert [page.take() for _ in calls] == [["returned", call, n] for n, call in enumerate(calls)]


def test_functions_and_callbacks_share_a_thread(session: Session, page: FakeCaller) -> None:
    threads: Queue[int] = Queue()
    session.callbacks.call(session.callbacks.add(lambda _: threads.put(threading.get_ident())), None)
    page.call(threading.get_ident)
    assert page.value() == threads.get(timeout=TIMEOUT)


def test_calls_belong_to_the_session(session: Session, page: FakeCaller) -> None:
    page.call(lambda: runtime.current_session() is session)
    assert page.value() is True


def test_coroutine_functions_run_side_by_side(page: FakeCaller) -> None:
    reached: list[asyncio.Event] = []

    async def meet() -> str:
        if not reached:
            reached.append(asyncio.Event())
            await reached[0].wait()
            return "first"
        reached[0].set()
        return "second"

    first, second = page.call(meet), page.call(meet)
    assert sorted([page.take(), page.take()]) == sorted(
        [["returned", first, "first"], ["returned", second, "second"]]
    )


def test_a_coroutine_that_raises_rejects_the_promise(page: FakeCaller) -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise LookupError

    call = page.call(fail)
    assert page.take() == ["threw", call, {"name": "LookupError", "message": ""}]


def test_functions_of_a_coroutine_app_run_on_its_loop(
    loop_session: tuple[Session, asyncio.AbstractEventLoop],
) -> None:
    session, loop = loop_session
    page = FakeCaller(session)
    page.call(lambda: asyncio.get_running_loop() is loop)
    assert page.value() is True


def test_a_callback_that_waits_for_the_page_does_not_hold_up_functions(
    session: Session, page: FakeCaller
) -> None:
    """The page may answer only after it has called a function."""
    waits, answered = threading.Event(), Queue[object]()

    def callback(_: object) -> None:
        call = Call(session)
        session.delivery.ask(7, encode_command("eval_js", ("eval", 7), "await f()", {}), call)
        waits.set()
        answered.put(call.result(TIMEOUT))

    session.callbacks.call(session.callbacks.add(callback), None)
    assert waits.wait(TIMEOUT)
    page.call(lambda: "from Python")
    session.settle(7, page.value())
    assert answered.get(timeout=TIMEOUT) == "from Python"


def test_a_call_that_came_before_a_callback_waits_is_made_while_it_waits(
    session: Session, page: FakeCaller
) -> None:
    called = threading.Event()

    def callback(_: object) -> None:
        assert called.wait(TIMEOUT)
        call = Call(session)
        session.delivery.ask(7, encode_command("eval_js", ("eval", 7), "await f()", {}), call)
        call.result(TIMEOUT)

    session.callbacks.call(session.callbacks.add(callback), None)
    page.call(lambda: "from Python")
    called.set()
    assert page.value() == "from Python"
    session.settle(7, None)


def test_more_calls_than_a_page_may_have_are_rejected(session: Session, page: FakeCaller) -> None:
    block = threading.Event()
    page.call(block.wait, TIMEOUT)
    for _ in range(1000):
        page.call(lambda: None)
    assert page.take()[0] == "threw"
    block.set()


def test_functions_that_all_wait_for_each_other_are_not_called_for_ever(platform: FakePlatform) -> None:
    """A visitor's page that waits for more of them gets an error."""
    session = platform.session()
    session.tells_failures = False
    page = FakeCaller(session)
    numbers = iter(range(1, 1000))

    def ask() -> None:
        number = next(numbers)
        call = Call(session)
        session.delivery.ask(number, encode_command("eval_js", ("eval", number), "f()", {}), call)
        call.result(TIMEOUT)

    for _ in range(33):
        page.call(ask)
    name, _, error = page.take()
    assert (name, error["message"]) == ("threw", "too many calls of functions wait for the page")
    session.close()


def test_a_function_that_returns_a_generator_says_what_to_send(page: FakeCaller) -> None:
    page.call(lambda: (n for n in (1, 2)))
    assert "Send list() of it instead" in page.take()[2]["message"]
