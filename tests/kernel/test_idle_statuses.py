"""Owed idles, in a real kernel: each is paid, none twice, and a running cell still shows as busy."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from .kernel_process import is_comm, is_idle, is_stream

if TYPE_CHECKING:
    from .kernel_process import KernelProcess, Message

SETUP = """
from IPython import get_ipython
from nbsession._jupyter.shell.hooks import register
from nbsession._jupyter.shell.idle_statuses import IdleStatuses
from nbsession._sync.timer_thread import TimerThread

idles = IdleStatuses(kernel, TimerThread(), quiet=0.2, most=50)
interceptor.uninstall()
interceptor = __import__('in_kernel').interceptor = ShellInterceptor(kernel, taken=idles.defer)
interceptor.open(channel.comm_id, receive)
idles.begin(kernel.get_parent())
begin = lambda info: idles.begin(kernel.get_parent())
end = lambda result: idles.end()
register(shell, begin, end)
"""


@pytest.fixture(scope="module")
def paying_kernel(shared_kernel: KernelProcess) -> KernelProcess:
    outcome = shared_kernel.run(SETUP)
    assert outcome.error is None, outcome.traceback
    return shared_kernel


@pytest.fixture
def page(paying_kernel: KernelProcess) -> Page:
    return Page(paying_kernel)


class Page:
    """A page that answers, and counts the ``idle`` statuses of its messages."""

    def __init__(self, kernel: KernelProcess) -> None:
        self.kernel = kernel
        self.sent: list[Message] = []
        kernel.run("pass")  # what earlier tests owe is paid
        kernel.messages.clear()
        kernel.on_comm = self.answer

    def answer(self, message: Message) -> None:
        content = message["content"]["data"]["content"]
        if "ask" in content:
            self.say({"answer": content["ask"]})

    def say(self, content: object) -> Message:
        message = self.kernel.comm("a" * 32, content)
        self.sent.append(message)
        return message

    @property
    def idles(self) -> list[int]:
        """How many idles have come for each message, in the order in which they were sent."""
        counted = Counter(
            message["parent_header"].get("msg_id")
            for message in self.kernel.messages
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
        )
        return [counted[message["header"]["msg_id"]] for message in self.sent]


def test_all_are_paid_before_the_cells_own_idle_and_none_twice(page: Page) -> None:
    page.kernel.run("_ = rounds(130)")
    assert page.idles == [1] * 130
    page.kernel.run("pass")
    assert page.idles == [1] * 130


def test_an_async_cells_are_paid_too(page: Page) -> None:
    page.kernel.run("for _ in range(20): await ask_async()")
    assert page.idles == [1] * 20


def test_without_a_cell_they_are_paid_when_it_is_quiet(page: Page) -> None:
    last = [page.say({"x": number}) for number in range(3)][-1]
    page.kernel.until(lambda message: is_idle(message, last))
    assert page.idles == [1, 1, 1]


def test_without_a_cell_many_are_paid_without_waiting_for_quiet(page: Page) -> None:
    first, *_ = [page.say({"x": number}) for number in range(50)]
    page.kernel.until(lambda message: is_idle(message, first))


def test_in_a_long_cell_many_are_paid_and_the_cell_shows_as_busy_again(page: Page) -> None:
    request = page.kernel.execute(
        "_ = rounds(50)\nwait = Waiter()\ninterceptor.open('f' * 32, lambda m: wait.release())\n"
        "interceptor.wait(wait, 100)"
    )
    first = page.kernel.until(lambda message: is_comm(message, "ask"))
    assert first is not None
    page.kernel.until(lambda message: bool(page.sent) and is_idle(message, page.sent[0]))
    again = page.kernel.until(lambda message: _is_status(message, "busy", request))
    assert again["parent_header"]["msg_id"] == request["header"]["msg_id"]
    page.kernel.comm("f" * 32, {})
    page.kernel.finish(request)


def test_the_last_status_of_a_cell_is_its_idle(page: Page) -> None:
    outcome = page.kernel.run("_ = rounds(100)")
    statuses = [m for m in outcome.messages if m["msg_type"] == "status"]
    assert is_idle(statuses[-1], outcome.request)


def test_in_a_quiet_cell_nothing_is_paid_early(page: Page) -> None:
    """A payment in a cell costs the page's next answer tens of milliseconds."""
    outcome = page.kernel.run("ask()\ntime.sleep(0.5)\nprint('after the quiet', flush=True)")
    shown = next(i for i, m in enumerate(outcome.messages) if is_stream(m, "after the quiet"))
    paid = next(i for i, m in enumerate(outcome.messages) if is_idle(m, page.sent[0]))
    assert shown < paid


def test_an_empty_cell_pays_nothing_and_breaks_nothing(page: Page) -> None:
    page.kernel.run("")
    page.kernel.run("ask()")
    assert page.idles == [1]


def test_other_messages_have_one_idle_as_ever(page: Page) -> None:
    information = page.kernel.request("kernel_info_request", {})
    page.kernel.until(lambda message: is_idle(message, information))
    page.kernel.run("ask()")
    assert sum(is_idle(message, information) for message in page.kernel.messages) == 1


def _is_status(message: Message, state: str, request: Message) -> bool:
    return bool(
        message["msg_type"] == "status"
        and message["content"]["execution_state"] == state
        and message["parent_header"].get("msg_id") == request["header"]["msg_id"]
    )
