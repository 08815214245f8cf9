"""The page is sent a cell's commands before what the cell publishes after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import KernelProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .kernel_process import Message, Outcome

SETUP = """
import sys, threading, time
from IPython.display import display, clear_output
from nbsession import *
def commands():
    for number in range(200):
        run_js("n", n=number)
"""
PUBLISHED = {
    "a display": "display({'text/plain': 'mark'}, raw=True)",
    "a value": "'mark'",
    "a print": "print('mark')",
    "an exception": "raise ValueError('mark')",
    "a widget": "import ipywidgets; ipywidgets.HTML('mark')",
    "a display in a coroutine": "async def show(): display({'text/plain': 'mark'}, raw=True)\nawait show()",
}


@pytest.fixture(scope="module")
def module_kernel(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProcess]:
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    page = FakePage(process)
    page.attach()
    process.page = page  # type: ignore[attr-defined]
    assert process.run(SETUP + "import ipywidgets; ipywidgets.HTML(); eval_js('1')").error is None
    yield process
    process.close()


@pytest.fixture
def kernel(module_kernel: KernelProcess) -> KernelProcess:
    """A kernel with a page, shared by the tests of this module."""
    return module_kernel


def run_at_mark(kernel: KernelProcess, page: FakePage, code: str) -> tuple[list[int], Outcome]:
    """Return how many commands the page had run each time that the kernel published what has "mark" in it."""
    counts = []
    page.ran.clear()
    page.evaluate = lambda code, args: None
    attached = kernel.on_message

    def look(message: Message) -> None:
        attached(message)
        content = str(message["content"])
        if message["msg_type"] != "execute_input" and "mark" in content and "_esm" not in content:
            counts.append(len(page.ran))

    kernel.on_message = look
    try:
        return counts, kernel.run(code)
    finally:
        kernel.on_message = attached


@pytest.mark.parametrize("code", PUBLISHED.values(), ids=PUBLISHED)
def test_what_a_cell_publishes_after_its_commands_comes_after_them(kernel: KernelProcess, code: str) -> None:
    counts, _ = run_at_mark(kernel, kernel.page, "commands()\n" + code)  # type: ignore[attr-defined]
    assert counts[0] == 200


def test_displays_between_commands_keep_their_places(kernel: KernelProcess) -> None:
    """More than the window holds: the page has to acknowledge some first."""
    code = "for _ in range(60): run_js('0'); run_js('0'); display({'text/plain': 'mark'}, raw=True)"
    counts, _ = run_at_mark(kernel, kernel.page, code)  # type: ignore[attr-defined]
    assert counts == list(range(2, 122, 2))


def test_a_display_of_a_registered_thread_comes_after_its_commands(kernel: KernelProcess) -> None:
    code = """
eval_js("0")
def work(): commands(); display({"text/plain": "mark"}, raw=True)
thread = threading.Thread(target=work); register_thread(thread); thread.start(); thread.join()
"""
    counts, _ = run_at_mark(kernel, kernel.page, code)  # type: ignore[attr-defined]
    assert counts == [201]


def test_a_display_waits_for_the_first_page(bare_kernel: KernelProcess) -> None:
    page = FakePage(bare_kernel)
    page.attach()
    counts, _ = run_at_mark(
        bare_kernel, page, SETUP + "commands()\ndisplay({'text/plain': 'mark'}, raw=True)"
    )
    assert counts == [200]


def test_where_no_page_is_to_be_expected_no_display_waits(bare_kernel: KernelProcess) -> None:
    code = "commands()\nbegan = time.monotonic(); display(1); print(time.monotonic() - began < 1)"
    assert "True" in bare_kernel.run(SETUP + code).stdout


def test_a_page_that_does_not_come_is_waited_for_once(bare_kernel: KernelProcess) -> None:
    bare_kernel.attended = True
    code = """
commands()
display(1)
began = time.monotonic(); commands(); display(1); print(time.monotonic() - began < 1)
"""
    assert "True" in bare_kernel.run(SETUP + code).stdout
