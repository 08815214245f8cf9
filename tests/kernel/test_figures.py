"""Figures of ``matplotlib.pyplot`` that are drawn beside the cells: each is shown once, whole, where it was put."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import KernelProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .kernel_process import Outcome

SETUP = """
import asyncio, threading
from concurrent.futures import ThreadPoolExecutor
from nbsession import *
from nbsession import session
from nbsession.output import put
from nbsession._core.current import current_session
begun, go, done = threading.Event(), threading.Event(), threading.Event()

def begin(label="a figure"):
    import matplotlib.pyplot as plt
    plt.figure(figsize=(3, 1.5))
    begun.set()
    return plt

def finish(plt):
    plt.plot([1, 2, 3])
    put(plt.gcf())
    done.set()

def draw():
    plt = begin()
    go.wait(100)
    finish(plt)

async def draw_slowly():
    plt = begin()
    while not go.is_set():
        await asyncio.sleep(0.01)
    await asyncio.to_thread(plt.title, "a thread that the task waits for")
    plt.title("")
    finish(plt)

async def a_while(event):
    while not event.is_set():
        await asyncio.sleep(0.01)
"""
# What draws, in a cell that ends in the midst of it; it goes on while the next cell runs.
BESIDE = {
    "an app": "start_server(draw); begun.wait(100)",
    "a coroutine app": "start_server(draw_slowly); begun.wait(100)",
    "a callback": """
callbacks = current_session().callbacks
callbacks.call(callbacks.add(lambda _: draw()), None); begun.wait(100)""",
    "a coroutine callback": """
callbacks = current_session().callbacks
callbacks.call(callbacks.add(lambda _: draw_slowly()), None); begun.wait(100)""",
    "a registered thread": "t = threading.Thread(target=draw); register_thread(t); t.start(); begun.wait(100)",
    "a bound function in a pool": "pool = ThreadPoolExecutor(); pool.submit(session.bind(draw)); begun.wait(100)",
    "a task": "run_async(draw_slowly())\nawait a_while(begun)",
    "a task of asyncio": "task = asyncio.ensure_future(draw_slowly())\nawait a_while(begun)",
}
# What makes figures and leaves them open, as the last thing of a cell.
OF_THE_CELL = {
    "the cell": "begin(); begin()",
    "a bound function": "session.bind(begin)(); begin()",
    "threads": "list(ThreadPoolExecutor().map(begin, 'ab'))",
    "bound threads": "list(ThreadPoolExecutor().map(session.bind(begin), 'ab'))",
    "registered threads": """
for _ in range(2):
    t = threading.Thread(target=begin); register_thread(t); t.start(); t.join()""",
    "tasks": """
async def each(): begin()
await asyncio.gather(each(), each())""",
}


@pytest.fixture(scope="module")
def module_kernel(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProcess]:
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    page = FakePage(process)
    page.attach()
    process.page = page  # type: ignore[attr-defined]
    assert process.run("import nbsession; nbsession.eval_js('1')").error is None
    yield process
    process.close()


@pytest.fixture
def kernel(module_kernel: KernelProcess) -> KernelProcess:
    """A kernel with a page, shared by the tests of this module; the first of them imports matplotlib."""
    module_kernel.messages.clear()
    module_kernel.page.images.clear()  # type: ignore[attr-defined]
    return module_kernel


@pytest.fixture
def page(module_kernel: KernelProcess) -> FakePage:
    page: FakePage = module_kernel.page  # type: ignore[attr-defined]
    return page


def run(kernel: KernelProcess, code: str) -> Outcome:
    outcome = kernel.run(code)
    assert outcome.error is None, outcome.traceback
    return outcome


def figures(outcome: Outcome) -> list[str]:
    """Return the figures that Jupyter itself has shown."""
    displays = [message["content"] for message in outcome.messages if message["msg_type"] == "display_data"]
    texts = [content["data"]["text/plain"] for content in displays]
    return [text for text in texts if text.startswith("<Figure")]


@pytest.mark.parametrize("code", BESIDE.values(), ids=BESIDE)
def test_a_figure_put_beside_the_cells_is_whole(kernel: KernelProcess, page: FakePage, code: str) -> None:
    run(kernel, SETUP + code)
    run(kernel, "go.set()\nawait a_while(done)\neval_js('1', wait_=True)")
    [beside] = page.images
    run(kernel, "finish(begin()); eval_js('1')")
    assert beside == page.images[-1]


@pytest.mark.parametrize("code", BESIDE.values(), ids=BESIDE)
def test_a_figure_put_beside_the_cells_is_shown_nowhere_else(kernel: KernelProcess, code: str) -> None:
    first = run(kernel, SETUP + code)
    second = run(kernel, "go.set()\nawait a_while(done)")
    third = run(kernel, "1 + 1")
    assert figures(first) + figures(second) + figures(third) == []


def test_threads_that_draw_at_the_same_time_have_a_figure_each(kernel: KernelProcess, page: FakePage) -> None:
    code = """
together = threading.Barrier(2)
def draw():
    plt = begin()
    together.wait(100)
    finish(plt)
threads = [threading.Thread(target=draw) for _ in range(2)]
for t in threads: register_thread(t); t.start()
for t in threads: t.join()
finish(begin()); eval_js('1')
"""
    run(kernel, SETUP + code)
    one, other, alone = page.images
    assert one == other == alone


@pytest.mark.parametrize("code", OF_THE_CELL.values(), ids=OF_THE_CELL)
def test_figures_left_open_are_shown_at_the_end_of_their_cell(kernel: KernelProcess, code: str) -> None:
    assert len(figures(run(kernel, SETUP + code))) == 2


def test_a_figure_that_an_app_leaves_open_is_shown_nowhere(kernel: KernelProcess) -> None:
    first = run(kernel, SETUP + "app = start_server(begin); begun.wait(100)")
    second = run(kernel, "app.close()")
    assert figures(first) + figures(second) == []


def test_a_figure_made_by_a_thread_that_nobody_knows_is_not_shown_again(kernel: KernelProcess) -> None:
    code = """
def app():
    [figure] = ThreadPoolExecutor().map(lambda _: begin().gcf(), [1])
    put(figure)
    done.set()
start_server(app); done.wait(100)
"""
    assert figures(run(kernel, SETUP + code)) == []
