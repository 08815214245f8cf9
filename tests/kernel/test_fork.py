"""Forked children of a kernel: nothing of theirs reaches the page, and the kernel's own link goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import KernelProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

# `forked(function)` calls a function in a child and returns what it raised there, or "nothing". The child ends itself
# when it hangs.
IMPORT = """
import asyncio, multiprocessing, os, signal, threading
from nbsession import *
from nbsession import session
from nbsession.output import put_text

def forked(function):
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        try:
            function()
            said = "nothing"
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writable, said.encode())
        os._exit(0)
    os.close(writable)
    with open(readable) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said or "it hung"
"""


@pytest.fixture(scope="module")
def forking(
    python: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[KernelProcess, FakePage]]:
    """A kernel with a page, where the module's tests fork."""
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    page = FakePage(process)
    page.attach()
    process.run(IMPORT)
    yield process, page
    process.close()


@pytest.fixture
def kernel(forking: tuple[KernelProcess, FakePage]) -> KernelProcess:
    """That kernel, whose page has attached and run nothing yet."""
    process, page = forking
    assert process.run("print(eval_js('1'))").stdout == "1\n"
    page.ran.clear()
    return process


@pytest.fixture
def page(forking: tuple[KernelProcess, FakePage]) -> FakePage:
    return forking[1]


@pytest.mark.parametrize(
    "pool",
    [
        "multiprocessing.get_context('fork').Pool(2)",
        "__import__('concurrent.futures').futures.ProcessPoolExecutor(2, multiprocessing.get_context('fork'))",
    ],
    ids=["multiprocessing", "concurrent.futures"],
)
def test_the_page_goes_on_after_a_pool_whose_workers_print_and_send(
    kernel: KernelProcess, page: FakePage, pool: str
) -> None:
    outcome = kernel.run(
        "def work(x):\n    print('working on', x, flush=True)\n    run_js('child', x=x)\n"
        f"with {pool} as pool: list(pool.map(work, range(2)))"
    )
    assert outcome.error == "ForkedProcessError"
    assert kernel.run("print(eval_js('6 * 7'))").stdout == "42\n"
    assert page.ran == ["6 * 7"]


def test_every_call_of_a_child_raises_at_once(kernel: KernelProcess, page: FakePage) -> None:
    kernel.run(
        "kept = session.get_current_session(); text = put_text('x'); saved = download('a', b'a')\n"
        "handle = start_server(lambda: put_text('app')); bound = session.bind(run_js)"
    )
    calls = (
        "eval_js('2')",
        "asyncio.run(eval_js('2', wait_=False))",
        "run_js('2')",
        "bound('2')",
        "download('b', b'b')",
        "saved.wait()",
        "put_text('y')",
        "text.update(put_text)",
        "info.user",
        "local.count",
        "register_thread(threading.current_thread())",
        "session.bind(print)",
        "defer_call(print)",
        "set_env(title='x')",
        "hold()",
        "session.close()",
        "kept.close()",
        "handle.close()",
        "start_server(print)",
    )
    outcome = kernel.run(f"for call in {calls}: print(call, '->', forked(lambda: eval(call))[:18])")
    assert outcome.stdout.splitlines() == [f"{call} -> ForkedProcessError" for call in calls]
    assert not page.ran


def test_the_exception_says_what_happened_and_what_to_do(kernel: KernelProcess, page: FakePage) -> None:
    said = kernel.run("print(os.getpid(), forked(lambda: run_js('x')))").stdout
    pid = said.split()[0]
    assert f"was forked from process {pid}" in said
    assert "session.bind(function)" in said
    assert not page.ran


def test_a_child_of_a_cell_that_has_used_nothing_yet_raises(kernel: KernelProcess, page: FakePage) -> None:
    assert kernel.run("print(forked(lambda: eval_js('1')))").stdout.startswith("ForkedProcessError")
    assert kernel.run("print(eval_js('2'))").stdout == "2\n"


def test_locks_that_other_threads_held_do_not_hang_a_child(kernel: KernelProcess, page: FakePage) -> None:
    kernel.run(
        "from nbsession._sync.interrupt_safe_lock import InterruptSafeLock\nimport gc\n"
        "text, saved, handle = put_text('x'), download('a', b'a'), start_server(lambda: None)\n"
        "def hold_all():\n"
        "    for each in gc.get_objects():\n"
        "        if isinstance(each, InterruptSafeLock): each.__enter__(); held.append(each)\n"
        "    ready.set(); go.wait()\n"
        "    for each in held: each.__exit__(None, None, None)\n"
        "held, ready, go = [], threading.Event(), threading.Event()\n"
        "calls = [lambda: eval_js('2'), lambda: put_text('2'), text.remove, saved.wait, handle.close, session.close]\n"
        "asked = [lambda call=call: forked(call)[:18] for call in calls]"
    )
    outcome = kernel.run(
        "thread = threading.Thread(target=hold_all); thread.start(); ready.wait()\n"
        "try: said = [ask() for ask in asked]\n"
        "finally: go.set(); thread.join()\n"
        "print(said, len(held) > 5)"
    )
    assert outcome.stdout == f"{['ForkedProcessError'] * 6} True\n", outcome.traceback


def test_what_a_session_deferred_is_not_run_by_a_child_that_ends(
    kernel: KernelProcess, page: FakePage
) -> None:
    kernel.run(
        "readable, writable = os.pipe()\n"
        "defer_call(lambda write=os.write, file=writable: write(file, b'deferred'))"
    )
    # As a child ends that reaches the end of its code. (At IPython's own end there are no names any more.)
    outcome = kernel.run(
        "def end(alarm=signal.alarm, exit=os._exit):\n"
        "    alarm(30)\n    __import__('atexit')._run_exitfuncs()\n    exit(0)\n"
        "child = os.fork()\n"
        "if child == 0: end()\n"
        "print(['ended', os.waitpid(child, 0)[1]]); os.close(writable); print(['said', open(readable).read()])"
    )
    # Beside that IPython may complain, anywhere, that the child has ended its history.
    assert "['ended', 0]" in outcome.stdout
    assert "['said', '']" in outcome.stdout
    assert "['got', '2']" in kernel.run("print(['got', str(eval_js('2'))])").stdout
