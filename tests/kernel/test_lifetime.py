"""How the sessions of cells end, and what is left of them: nothing."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import is_stream

if TYPE_CHECKING:
    from pathlib import Path

    from .kernel_process import KernelProcess, Outcome

# How many sessions come and go. `make test-all` sets NBSESSION_TEST_LOAD.
MANY = 1000 if os.environ.get("NBSESSION_TEST_LOAD") else 100

IMPORT = """
from nbsession import *
from nbsession import session
from nbsession._core.current import current_session
ran = []
"""


@pytest.fixture
def page(bare_kernel: KernelProcess) -> FakePage:
    """A page that attaches at first use, in a kernel of its own."""
    page = FakePage(bare_kernel)
    page.attach()
    return page


def test_a_session_ends_when_its_cell_was_deleted(settled_kernel: KernelProcess) -> None:
    settled_kernel.run(IMPORT)
    settled_kernel.run("one = current_session(); session.defer_call(lambda: ran.append(one.closed))", "one")
    settled_kernel.run("two = current_session(); run_js('1')", "two")
    outcome = settled_kernel.run(
        "one.wait_closed(20); print(ran, two.closed)", "three", deleted=["one", "unknown"]
    )
    assert outcome.stdout == "['its cell was deleted'] None\n"


def test_a_page_says_that_its_views_were_taken_away(
    settled_kernel: KernelProcess, settled_page: FakePage
) -> None:
    settled_kernel.run(IMPORT)
    settled_kernel.run(
        "mine = current_session(); eval_js('1'); mine.outputs.notice('info', 'hello')", "emptied"
    )
    channel = max(settled_page.opened)
    for message in (["views", channel, 1], ["views", channel, 0], ["gone", channel]):
        settled_page.say(0, message)
    settled_page.flush()
    outcome = settled_kernel.run("eval_js('1'); print(mine.closed)", "beside emptied")
    assert outcome.stdout == "its output was cleared\n"


@pytest.mark.parametrize(
    "message",
    [
        ["views"],
        ["views", 1],
        ["views", "1", 1],
        ["views", 1, -1],
        ["views", 1, None],
        ["gone"],
        ["gone", []],
    ],
    ids=json.dumps,
)
def test_a_page_that_miscounts_is_ignored(
    settled_kernel: KernelProcess, settled_page: FakePage, message: list[object]
) -> None:
    settled_kernel.run(IMPORT + "mine = current_session(); eval_js('1')")
    settled_page.say(0, message)
    settled_page.flush()
    assert settled_kernel.run("eval_js('1'); print(mine.closed)").stdout == "None\n"


@pytest.mark.parametrize("restart", [False, True], ids=["shutdown", "restart"])
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_deferred_functions_run_when_the_kernel_is_asked_to_end(
    bare_kernel: KernelProcess, page: FakePage, *, restart: bool, busy: bool
) -> None:
    bare_kernel.run(
        IMPORT + "eval_js('1'); mine = current_session()\n"
        "session.defer_call(lambda: print('deferred:', mine.closed, flush=True))"
    )
    if busy:
        bare_kernel.execute("import time; print('busy', flush=True); time.sleep(60)")
        bare_kernel.until(lambda message: is_stream(message, "busy"))
    message = bare_kernel.client.session.msg("shutdown_request", {"restart": restart})
    bare_kernel.client.control_channel.send(message)
    said = bare_kernel.until(lambda message: is_stream(message, "deferred"))
    reason = "the kernel was restarted, run the cell again" if restart else "the kernel was shut down"
    assert said["content"]["text"] == f"deferred: {reason}\n"
    if not page.closed:
        bare_kernel.until(lambda _: bool(page.closed))
    assert set(page.closed.values()) == {reason}


def test_deferred_functions_run_when_the_kernel_ends_by_itself(
    bare_kernel: KernelProcess, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    code = f"session.defer_call(lambda: open({str(trace)!r}, 'a').write(current_session().closed))\nexit()"
    bare_kernel.execute(IMPORT + code)
    bare_kernel.manager.provisioner.process.wait(100)  # type: ignore[union-attr]
    assert trace.read_text() == "the kernel has ended"


COUNT = """
import asyncio, gc, threading
from nbsession._core.session import Session
from nbsession._core.current import runtime
import comm, ipywidgets
def count():
    for _ in range(3): gc.collect()
    platform = runtime.platform
    # One of the first session's ends by itself some seconds later: whether a page is there that needs no display.
    alarms = [each for each in platform.alarm.handles if "_show_if_alone" not in each.callback.__qualname__]
    return {
        "threads": len(threading.enumerate()), "tasks": len(asyncio.all_tasks()),
        "comms": len(comm.get_comm_manager().comms), "registered threads": len(runtime.registered_threads),
        "sessions": sum(isinstance(each, Session) for each in gc.get_objects()),
        "widgets": sum(isinstance(each, ipywidgets.Widget) for each in gc.get_objects()),
        "alarms": len(alarms),
        **platform.counts(),
    }
"""

CYCLE = """
mine = current_session()
run_js('1'); eval_js('1')
mine.outputs.notice('info', 'hello')
session.defer_call(lambda: ran.append(1))
done = threading.Event()
mine.callbacks.add(lambda value: done.set()); mine.callbacks.call(1, None); done.wait(100)
thread = threading.Thread(target=lambda: None); register_thread(thread); thread.start(); thread.join()
mine.close('done'); mine.wait_closed(20)
del mine, thread, done
"""


@pytest.mark.any_front_end
def test_many_sessions_leave_nothing_behind(bare_kernel: KernelProcess, page: FakePage) -> None:
    """Opened and closed in one cell after the other, each with a view, a callback, a thread and a deferred function.

    But for the last twenty, whose outputs a reload shows again, and the views of the last two hundred, which say why
    they ended.
    """
    bare_kernel.run(IMPORT + COUNT)
    bare_kernel.run("one = current_session(); eval_js('1')", "first")
    warm = [bare_kernel.execute(CYCLE, f"warm {number}") for number in range(230)]
    outcome = bare_kernel.finish(warm[-1])
    assert outcome.error is None, outcome.traceback
    before = bare_kernel.run("print(count())", "count").stdout
    requests = [bare_kernel.execute(CYCLE, f"cell {number}") for number in range(MANY)]
    bare_kernel.finish(requests[-1], timeout=100)
    after = bare_kernel.run("print(count())", "count").stdout
    assert after == before
    assert bare_kernel.run("print(len(ran))", "count").stdout == f"{230 + MANY}\n"


VIEWS = """
import gc
from nbsession._jupyter.cells.bridge import View
def views():
    for _ in range(3): gc.collect()
    return sum(isinstance(each, View) for each in gc.get_objects())
"""
SHOWS = "mine = current_session(); mine.outputs.notice('info', 'hello'); eval_js('1')"


@pytest.mark.any_front_end
def test_a_cell_that_is_run_again_and_again_has_one_view(bare_kernel: KernelProcess, page: FakePage) -> None:
    assert page is not None
    bare_kernel.run(IMPORT + VIEWS)
    for _ in range(10):
        bare_kernel.run(SHOWS, "repeated")
    assert bare_kernel.run("print(views())", "count").stdout == "1\n"


@pytest.mark.any_front_end
def test_widgets_that_a_cell_displays_keep_no_session_of_its_former_runs(
    bare_kernel: KernelProcess, page: FakePage
) -> None:
    """ipywidgets keeps each widget for good."""
    assert page is not None
    bare_kernel.run(
        IMPORT + "import gc, ipywidgets\nfrom nbsession.output import put_text\n"
        "from nbsession._core.session import Session\n"
        "def sessions():\n    gc.collect(); return sum(type(each) is Session for each in gc.get_objects())"
    )
    for _ in range(10):
        bare_kernel.run("eval_js('1'); display(ipywidgets.HTML('x'))", "cell")
        bare_kernel.run("with ipywidgets.Output(): put_text('x')", "another")
    # Of the two cells, and of the one that counts.
    assert int(bare_kernel.run("print(sessions())", "count").stdout) <= 3


def test_the_view_of_a_cell_that_was_run_again_is_closed_when_its_page_has_none_any_more(
    settled_kernel: KernelProcess, settled_page: FakePage
) -> None:
    """The page says so only after the kernel has begun the cell's new run."""
    settled_kernel.run(IMPORT + "eval_js('1')", "beside viewed")
    shown = settled_kernel.run(SHOWS, "viewed")
    channel = max(settled_page.opened)
    settled_page.say(0, ["views", channel, 1])
    settled_page.flush()
    settled_kernel.run("eval_js('1')", "beside viewed")
    assert not comms(settled_kernel.run(SHOWS, "viewed"), "comm_close")
    for message in (["views", channel, 0], ["gone", channel]):
        settled_page.say(0, message)
    settled_page.flush()
    closed = comms(settled_kernel.run("eval_js('1')", "beside viewed"), "comm_close")
    assert closed == comms(shown, "comm_open")


def comms(outcome: Outcome, kind: str) -> set[str]:
    """Return the ids of the comms that a cell opened or closed."""
    return {message["content"]["comm_id"] for message in outcome.messages if message["msg_type"] == kind}


def test_what_a_cell_cleans_up_when_it_is_run_again_prints_in_its_new_output(
    settled_kernel: KernelProcess,
) -> None:
    code = IMPORT + "defer_call(lambda: print('cleaned up'))\nrun_js('1')"
    settled_kernel.run(code, "cleaning")
    assert settled_kernel.run(code, "cleaning").stdout == "cleaned up\n"


def test_a_coroutine_app_that_exits_ends_as_any_other(settled_kernel: KernelProcess) -> None:
    app = """
async def app():
    raise SystemExit
handle = start_server(app)
import time
while handle.session.closed is None: time.sleep(0.01)
print(handle.session.closed)
"""
    assert settled_kernel.run(IMPORT + app, "exiting").stdout == "the app has ended\n"
