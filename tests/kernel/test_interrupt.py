"""Stop, in a real kernel: the wait ends at once, nothing received is lost, the next question is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .kernel_process import is_comm

if TYPE_CHECKING:
    from .kernel_process import KernelProcess, Outcome

# Ready to be interrupted: the question is out and the cell waits for an answer that does not come.
BLOCKED = """
tell(ready=1)
interceptor.wait(Waiter(), 3600)
"""


@pytest.fixture(autouse=True)
def _handlers(kernel: KernelProcess) -> None:
    kernel.run(
        "from nbsession._jupyter.shell.kernel_sigint import install\n"
        "from nbsession._sync.interrupt_safe_lock import MAIN"
    )


def interrupt(kernel: KernelProcess, code: str) -> Outcome:
    """Run a cell, interrupt it when it says so, and return how it ended."""
    request = kernel.execute(f"install(kernel)\n{code}")
    kernel.until(lambda message: is_comm(message, "ready"))
    kernel.interrupt()
    return kernel.finish(request)


def answers(kernel: KernelProcess) -> bool:
    return kernel.run("print(len(rounds(3)))").stdout == "3\n"


def test_a_blocking_wait_is_interrupted(kernel: KernelProcess) -> None:
    assert interrupt(kernel, BLOCKED).error == "KeyboardInterrupt"
    assert answers(kernel)


def test_an_awaiting_cell_is_cancelled_at_once(kernel: KernelProcess) -> None:
    kernel.on_comm = lambda message: None
    outcome = interrupt(kernel, "tell(ready=1)\nawait asyncio.wait_for(ask_async(), 3600)")
    assert outcome.error == "CancelledError"


def test_the_next_await_after_a_cancelled_one_is_answered(kernel: KernelProcess) -> None:
    interrupt(kernel, "tell(ready=1)\nawait asyncio.sleep(3600)")
    assert kernel.run("print(type(await ask_async()).__name__)").stdout == "CommMessage\n"


def test_a_blocking_wait_in_an_async_cell_is_interrupted(kernel: KernelProcess) -> None:
    outcome = interrupt(
        kernel,
        "await asyncio.sleep(0)\ndef helper():\n    tell(ready=1)\n    interceptor.wait(Waiter(), 3600)\nhelper()",
    )
    assert outcome.error == "KeyboardInterrupt"
    assert answers(kernel)


def test_a_blocking_wait_in_a_task_of_its_own_ends_and_the_kernel_lives(kernel: KernelProcess) -> None:
    """KeyboardInterrupt in a task would go through the kernel's loop."""
    outcome = interrupt(
        kernel,
        "async def work():\n    tell(ready=1)\n    interceptor.wait(Waiter(), 3600)\n"
        "task = asyncio.create_task(work())\nawait task",
    )
    assert outcome.error == "CancelledError"
    assert answers(kernel)


@pytest.mark.parametrize(
    "code", ["interceptor.wait(Waiter(), 3600)", "await asyncio.sleep(3600)"], ids=["blocking", "awaiting"]
)
def test_a_signal_that_does_not_wake_the_main_thread_is_heard(kernel: KernelProcess, code: str) -> None:
    """As one does that comes between Python's last look for signals and the system call that sleeps."""
    kernel.run("import signal")
    outcome = interrupt(
        kernel,
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # another thread gets it\n"
        f"try:\n    tell(ready=1)\n    {code}\n"
        "finally:\n    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})",
    )
    assert outcome.error in {"KeyboardInterrupt", "CancelledError"}


def test_an_interrupt_in_a_section_comes_when_the_section_is_left(kernel: KernelProcess) -> None:
    outcome = interrupt(
        kernel,
        "with MAIN:\n"
        "    tell(ready=1)\n"
        "    limit = time.monotonic() + 60\n"
        "    while MAIN.pending is None and time.monotonic() < limit: pass\n"
        "    finished = True",
    )
    assert outcome.error == "KeyboardInterrupt"
    assert kernel.run("print(finished, MAIN.depth, MAIN.pending)").stdout == "True 0 None\n"


def test_other_code_of_the_cell_is_interrupted_as_ever(kernel: KernelProcess) -> None:
    assert interrupt(kernel, "tell(ready=1)\nwhile True: pass").error == "KeyboardInterrupt"


def test_an_interrupted_cell_loses_no_answer(kernel: KernelProcess) -> None:
    """Answers that arrive around the interrupt are all received, in order."""
    kernel.run("received.clear()")
    total = 200
    request = kernel.execute(
        "install(kernel)\ntell(ready=1)\nwhile True:\n    interceptor.wait(Waiter(), 0.0005)"
    )
    kernel.until(lambda message: is_comm(message, "ready"))
    for number in range(total):
        kernel.comm("a" * 32, {"number": number})
        if number == total // 2:
            kernel.interrupt()
    assert kernel.finish(request).error == "KeyboardInterrupt"
    outcome = kernel.run(
        "ask()\nprint([m.content['number'] for m in received if 'number' in m.content] == list(range(200)))"
    )
    assert outcome.stdout == "True\n"


def test_the_kernels_own_handler_is_back_after_the_cell(kernel: KernelProcess) -> None:
    kernel.run(
        "import signal\ninstall(kernel)\ngo = Waiter()\ninterceptor.open('9' * 32, lambda message: go.release())\n"
        "_ = in_thread(lambda: (go.wait(), tell(handler=repr(signal.getsignal(signal.SIGINT)))))"
    )
    kernel.comm("9" * 32, {})
    told = kernel.until(lambda message: is_comm(message, "handler"))
    assert "nbsession" not in told["content"]["data"]["content"]["handler"]


def test_installing_again_changes_nothing(kernel: KernelProcess) -> None:
    outcome = kernel.run(
        "import signal\ninstall(kernel)\nfirst = signal.getsignal(signal.SIGINT)\ninstall(kernel)\n"
        "print(first is signal.getsignal(signal.SIGINT))"
    )
    assert outcome.stdout == "True\n", outcome.traceback


def test_a_handler_of_the_user_is_called(kernel: KernelProcess) -> None:
    outcome = interrupt(
        kernel,
        "import signal\nstruck = Waiter()\n"
        "signal.signal(signal.SIGINT, lambda *_: struck.release())\n"
        "install(kernel)\ntell(ready=1)\nprint(interceptor.wait(struck, 60))",
    )
    assert outcome.stdout == "True\n", outcome.traceback
