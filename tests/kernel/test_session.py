"""Sessions in a real kernel, with a page that is played by the test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import is_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .kernel_process import KernelProcess

IMPORT = "from nbsession import *\nfrom nbsession import session\nimport asyncio, threading\n"


@pytest.fixture
def page(bare_kernel: KernelProcess) -> FakePage:
    """A page that attaches at first use, in a kernel of its own."""
    page = FakePage(bare_kernel)
    page.attach()
    return page


def test_the_first_cell_gets_a_value(bare_kernel: KernelProcess, page: FakePage) -> None:
    outcome = bare_kernel.run(IMPORT + "print(eval_js('a + 1', a=1))")
    assert outcome.stdout == "2\n", outcome.traceback
    assert page.welcomed


@pytest.mark.any_front_end
def test_commands_wait_for_the_page_and_keep_their_order(bare_kernel: KernelProcess, page: FakePage) -> None:
    bare_kernel.run(IMPORT + "for i in range(100): run_js(f'run {i}')\neval_js('1')")
    assert page.ran == [*(f"run {number}" for number in range(100)), "1"]


def test_without_a_front_end_eval_js_does_not_wait_as_where_one_may_come(bare_kernel: KernelProcess) -> None:
    bare_kernel.run(IMPORT)
    outcome = bare_kernel.run(
        "import time; began = time.monotonic()\ntry: eval_js('1')\nfinally: print(time.monotonic() - began)"
    )
    assert outcome.error == "FrontendNotFoundException"
    assert float(outcome.stdout) < 10  # so long it would wait there
    assert "NBSESSION_BROWSER=headless" in outcome.traceback


@pytest.mark.any_front_end
def test_without_a_front_end_run_js_fails_no_cell(bare_kernel: KernelProcess) -> None:
    assert bare_kernel.run(IMPORT + "run_js('1')").error is None


@pytest.mark.any_front_end
def test_another_major_version_is_refused(bare_kernel: KernelProcess) -> None:
    page = FakePage(bare_kernel, version="2.0")
    page.attach()
    bare_kernel.run(IMPORT + "run_js('1')")
    bare_kernel.execute("1")
    bare_kernel.until(lambda _: page.refused is not None)
    assert page.refused is not None
    assert page.refused["version"] == "1.0"


@pytest.mark.any_front_end
def test_unknown_fields_of_a_newer_minor_version_are_ignored(bare_kernel: KernelProcess) -> None:
    page = FakePage(bare_kernel, version="1.7")
    page.info["news"] = [1]
    page.attach()
    assert bare_kernel.run(IMPORT + "print(eval_js('1'))").stdout == "1\n"


@pytest.mark.parametrize("call", ["eval_js('never')", "await eval_js('never')"])
def test_stop_shows_the_cells_line_and_one_of_ours(
    settled_kernel: KernelProcess, settled_page: FakePage, call: str
) -> None:
    settled_page.silent.add("never")
    settled_kernel.run(IMPORT)
    request = settled_kernel.execute(call)
    settled_kernel.until(lambda _: "never" in settled_page.ran)
    settled_kernel.interrupt()
    traceback = settled_kernel.finish(request).traceback
    assert re.findall(r"KeyboardInterrupt", traceback)
    assert len(re.findall(r"nbsession/\w+/.*\.py", traceback)) == 1


@pytest.fixture
def trio_kernel(settled_kernel: KernelProcess) -> Iterator[KernelProcess]:
    """A kernel whose cells run on trio."""
    settled_kernel.run(IMPORT + "%autoawait trio")
    yield settled_kernel
    settled_kernel.run("%autoawait asyncio")


@pytest.mark.parametrize("awaitable", ["eval_js('2')", "download('a', b'a')"])
def test_what_is_awaited_on_trio_says_what_works_there(
    trio_kernel: KernelProcess, settled_page: FakePage, awaitable: str
) -> None:
    outcome = trio_kernel.run(f"await {awaitable}")
    assert outcome.error == "SessionException"
    assert "runs on trio" in outcome.traceback
    assert "wait_=True" in outcome.traceback
    assert "2" not in settled_page.ran


def test_what_blocks_works_on_trio(trio_kernel: KernelProcess, settled_page: FakePage) -> None:
    cell = (
        "import trio\nawait trio.sleep(0)\nasync def f(): return eval_js('2', wait_=True)\nprint(await f())"
    )
    assert trio_kernel.run(cell).stdout == "2\n"
    assert settled_page.ran == ["2"]


def test_an_interrupted_wait_and_then_a_value(settled_kernel: KernelProcess, settled_page: FakePage) -> None:
    settled_page.silent.add("never")
    request = settled_kernel.execute(IMPORT + "print('waiting', flush=True)\neval_js('never')")
    settled_kernel.until(lambda message: is_stream(message, "waiting"))
    settled_kernel.until(lambda _: "never" in settled_page.ran)
    settled_kernel.interrupt()
    assert settled_kernel.finish(request).error == "KeyboardInterrupt"
    assert settled_kernel.run("print(eval_js('3'))").stdout == "3\n"


def test_a_reloaded_page_runs_what_was_not_begun(
    settled_kernel: KernelProcess, settled_page: FakePage
) -> None:
    settled_page.dies_at = "dying"
    outcome = settled_kernel.run(
        IMPORT
        + "eval_js('0')\nrun_js('dying')\nfor i in range(50): run_js(f'after {i}')\nprint(eval_js('5'))"
    )
    # The frame in which the context died is in doubt, all later ones run on the new context.
    assert outcome.stdout == "5\n", outcome.traceback
    assert settled_page.ran[:2] == ["0", "dying"]
    assert settled_page.ran.count("dying") == 1
    assert len(settled_page.ran) == len(set(settled_page.ran))


def test_what_may_have_run_is_named_in_one_warning(
    settled_kernel: KernelProcess, settled_page: FakePage
) -> None:
    settled_page.dies_at = "dying"
    settled_kernel.run(IMPORT + "eval_js('0')\nrun_js('dying')\neval_js('5')")
    request = settled_kernel.execute("eval_js('6')")
    settled_kernel.finish(request)
    [notice] = [node for node in settled_page.nodes if node["kind"] == "notice"]
    assert "dying" in notice["text"]


def test_an_eval_that_may_have_run_raises_page_lost(
    settled_kernel: KernelProcess, settled_page: FakePage
) -> None:
    settled_page.dies_at = "7"
    settled_page.silent.add("7")
    settled_kernel.run(IMPORT + "eval_js('0')")
    assert settled_kernel.run("eval_js('7')").error == "PageLostError"
    assert settled_kernel.run("print(eval_js('8'))").stdout == "8\n"


def test_a_closed_session_says_why(settled_kernel: KernelProcess, settled_page: FakePage) -> None:
    settled_kernel.run(
        IMPORT
        + "eval_js('0')\nfrom nbsession._core.current import current_session\nfirst = current_session()"
    )
    settled_kernel.run("first.close('for the test')")
    outcome = settled_kernel.run(
        "print(first.closed)\ntry: first.check_open()\nexcept SessionClosedException as e: print(e.reason)"
    )
    assert outcome.stdout == "for the test\nfor the test\n"


def test_eval_from_a_coroutine_in_the_background(
    settled_kernel: KernelProcess, settled_page: FakePage
) -> None:
    outcome = settled_kernel.run(
        IMPORT
        + "async def work():\n    return await eval_js('2')\ntask = asyncio.create_task(work())\nprint(await task)"
    )
    assert outcome.stdout == "2\n", outcome.traceback


def test_a_second_page_does_not_act(settled_kernel: KernelProcess, settled_page: FakePage) -> None:
    other = FakePage(settled_kernel)

    def both(message: dict[str, object]) -> None:
        settled_page.on_comm(message)
        other.on_comm(message)

    settled_kernel.run(IMPORT + "eval_js('0')")
    settled_kernel.on_comm = both
    other.comm_id = settled_page.comm_id
    settled_kernel.run("eval_js('1')")
    assert (settled_page.ran, other.ran) == (["0", "1"], [])


def test_close_in_a_cell_returns_when_the_deferred_functions_have_run(settled_kernel: KernelProcess) -> None:
    code = """
import time
done = []
session.defer_call(lambda: (time.sleep(0.3), done.append("deferred")))
session.close()
print(done)
"""
    assert settled_kernel.run(IMPORT + code).stdout == "['deferred']\n"
