"""What the code of a session prints lands in its own cell, whichever runs meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import KernelProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .kernel_process import Message

SETUP = """
from nbsession import *
from nbsession import session
import asyncio, sys, threading
from IPython.display import display
from nbsession._core.current import current_session
go, done = threading.Event(), threading.Event()

def speak(where):
    print(where, "to stdout")
    print(where, "to stderr", file=sys.stderr)
    display({"text/plain": where + " displayed"}, raw=True)
    sys.stdout.flush(), sys.stderr.flush()
    done.set()

def later(where):
    go.wait(100)
    speak(where)
"""


@pytest.fixture(scope="module")
def module_kernel(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProcess]:
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    page = FakePage(process)
    page.attach()
    process.page = page  # type: ignore[attr-defined]
    yield process
    process.close()


@pytest.fixture
def kernel(module_kernel: KernelProcess) -> KernelProcess:
    """A kernel with a page, shared by the tests of this module."""
    module_kernel.messages.clear()
    return module_kernel


@pytest.fixture
def page(module_kernel: KernelProcess) -> FakePage:
    page: FakePage = module_kernel.page  # type: ignore[attr-defined]
    return page


def parents(messages: list[Message], where: str) -> dict[str, str]:
    """Return under which message each kind of output stands that contains a text."""
    found = {}
    for message in messages:
        content = message["content"]
        shown = content.get("text") or content.get("data", {}).get("text/plain", "")
        if message["msg_type"] in {"stream", "display_data"} and where in shown:
            found[content.get("name", "display")] = message["parent_header"].get("msg_id")
    return found


def landed(
    kernel: KernelProcess, begin: str, where: str = "it", after: str = "go.set(); done.wait(100)"
) -> None:
    """Run `begin` in one cell and `after`, which makes it speak, in another; assert that all lands in the first."""
    outcome = kernel.run(SETUP + begin)
    assert outcome.error is None, outcome.traceback
    second = kernel.run(after + "\nprint('second')")
    assert second.error is None, second.traceback
    assert second.stdout == "second\n"
    first = outcome.request["header"]["msg_id"]
    assert parents(kernel.messages, where) == {"stdout": first, "stderr": first, "display": first}


def test_a_thread_registered_before_its_start(kernel: KernelProcess) -> None:
    landed(kernel, "t = threading.Thread(target=later, args=['it']); register_thread(t); t.start()")


def test_a_thread_registered_after_its_start(kernel: KernelProcess) -> None:
    landed(kernel, "t = threading.Thread(target=later, args=['it']); t.start(); register_thread(t)")


def test_a_thread_started_by_another_cell(kernel: KernelProcess) -> None:
    begin = "t = threading.Thread(target=speak, args=['it']); register_thread(t)"
    landed(kernel, begin, after="t.start(); t.join()")


def test_a_bound_function_in_a_pool(kernel: KernelProcess) -> None:
    begin = "from concurrent.futures import ThreadPoolExecutor as P; speak = session.bind(speak); pool = P()"
    landed(kernel, begin, after="pool.submit(speak, 'it').result()")


def test_a_bound_function_called_by_another_cell(kernel: KernelProcess) -> None:
    landed(kernel, "speak = session.bind(speak)", after="speak('it')")


def test_a_task(kernel: KernelProcess) -> None:
    begin = """
async def task():
    while not go.is_set():
        await asyncio.sleep(0.01)
    speak("it")
asyncio.ensure_future(task())
"""
    landed(kernel, begin, after="go.set()\nwhile not done.is_set(): await asyncio.sleep(0.01)")


def test_a_deferred_function(kernel: KernelProcess) -> None:
    begin = "session.defer_call(lambda: speak('it')); mine = current_session()"
    landed(kernel, begin, after="mine.close('test'); done.wait(100)")


def test_a_thread_of_a_session_that_was_closed(kernel: KernelProcess) -> None:
    begin = "t = threading.Thread(target=later, args=['it']); register_thread(t); t.start(); current_session().close()"
    landed(kernel, begin)


def test_a_callback_of_the_page(kernel: KernelProcess, page: FakePage) -> None:
    outcome = kernel.run(
        SETUP
        + "number = current_session().callbacks.add(lambda value: speak('it')); eval_js('1')\nprint(number)",
        "first",
    )
    assert outcome.error is None, outcome.traceback
    page.say(max(page.opened), ["callback", int(outcome.stdout), None])
    page.flush()
    assert kernel.run("while not done.is_set(): eval_js('1')", "second").error is None
    first = outcome.request["header"]["msg_id"]
    assert parents(kernel.messages, "it") == {"stdout": first, "stderr": first, "display": first}


def test_a_thread_that_handles_no_messages_may_make_a_widget(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        SETUP
        + "import ipywidgets\nmade = []\n"
        + "t = threading.Thread(target=lambda: made.append(ipywidgets.IntSlider()))\n"
        + "t.start(); t.join(); print(len(made))"
    )
    assert outcome.error is None, outcome.traceback
    assert outcome.stdout == "1\n"


def test_what_no_session_owns_lands_where_ipykernel_puts_it(kernel: KernelProcess) -> None:
    kernel.run(SETUP)
    outcome = kernel.run("print('plain')")
    assert outcome.stdout == "plain\n"


def test_a_cell_run_again_prints_below_its_new_run(kernel: KernelProcess) -> None:
    kernel.run(SETUP)
    for _ in range(2):
        assert kernel.run("eval\nprint('mine')").stdout == "mine\n"
