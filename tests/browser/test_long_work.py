"""Work that goes on while the notebook is closed: the page that opens it again shows all of it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

# Seconds: how long the work takes, and how long a page may be away.
TAKES, RETURN_WITHIN = (60.0, 20.0) if os.environ.get("NBSESSION_TEST_LOAD") == "full" else (8.0, 1.0)
# Of 100 steps: after how many the tab is closed, after how many it is opened again, and before which one the work waits
# for the page that opens it, however long that takes.
CLOSED_AT, OPENED_AT, WAITS_AT = 8, 67, 90

SETUP = f"""
import asyncio, threading, time
from pathlib import Path
from nbsession import *
from nbsession.output import *
from nbsession._core.current import current_session, runtime
runtime.platform.page_registry.return_within = {RETURN_WITHIN}
"""
BEGIN = """
steps, ends, waits = Path({steps!r}), Path({ends!r}), Path({waits!r})
def end():
    with ends.open("a") as file:
        file.write(f"after step {{len(steps.read_text())}}: {{mine.closed}}\\n")
"""
CELL = """
mine = current_session()
defer_call(end)
put_progressbar("work")
"""
THREAD = (
    CELL
    + """
def work():
    for step in range(1, 101):
        time.sleep({pause})
        while step == {waits_at} and waits.exists(): time.sleep(0.05)
        set_progressbar("work", step / 100)
        with steps.open("a") as file: file.write(".")
    put_text("the work is done")
thread = threading.Thread(target=work)
register_thread(thread)
thread.start()
"""
)
TASK = (
    CELL
    + """
async def work():
    for step in range(1, 101):
        await asyncio.sleep({pause})
        while step == {waits_at} and waits.exists(): await asyncio.sleep(0.05)
        set_progressbar("work", step / 100)
        with steps.open("a") as file: file.write(".")
    put_text("the work is done")
_ = run_async(work())
"""
)

FUNCTION_APP = """
mine = None
def app():
    global mine
    mine = current_session()
    defer_call(end)
    put_text("the app is here")
    {body}
start_server(app)
"""
COROUTINE_APP = FUNCTION_APP.replace("def app", "async def app").replace("{body}", "await {body}")
COMPUTES = """for step in range(1, 101):
        time.sleep({pause})
        while step == {waits_at} and waits.exists(): time.sleep(0.05)
        with steps.open("a") as file: file.write(".")
    put_text("the work is done")
    hold()"""


class Work:
    """A notebook whose cell has begun to work, and what the work writes."""

    def __init__(self, open_notebook: OpenNotebook, work: str, folder: Path) -> None:
        self._steps, self.ends, self._waits = folder / "steps", folder / "ends", folder / "waits"
        self._open_notebook = open_notebook
        self._steps.touch()
        begin = BEGIN.format(steps=str(self._steps), ends=str(self.ends), waits=str(self._waits))
        code = work.replace("{pause}", str(TAKES / 100)).replace("{waits_at}", str(WAITS_AT))
        self.notebook: NotebookPage = open_notebook([SETUP, begin + code])
        self.notebook.run_all()
        self.notebook.wait_for("args => harness.outputs(...args).length > 0", [self.notebook.path, 1])
        self.notebook.save()

    def wait_until(self, step: int) -> None:
        self._wait_for_size(self._steps, step)

    def reopen(self) -> NotebookPage:
        """Close the page, and open the notebook again while the work goes on."""
        self.wait_until(CLOSED_AT)
        self._waits.touch()
        self.notebook.close()
        self.wait_until(OPENED_AT)
        reopened = self._open_notebook(path=self.notebook.path)
        reopened.execute("while mine.page is None: await asyncio.sleep(0.05)")
        self._waits.unlink()
        return reopened

    def end(self) -> str:
        """Wait for what the deferred function writes."""
        self._wait_for_size(self.ends, 1)
        return self.ends.read_text()

    @staticmethod
    def _wait_for_size(file: Path, size: int) -> None:
        deadline = time.monotonic() + TAKES + 60
        while not file.exists() or file.stat().st_size < size:
            assert time.monotonic() < deadline, f"{file.name} has not grown to {size} bytes"
            time.sleep(0.05)


@pytest.fixture(
    params=[pytest.param(THREAD, id="thread"), pytest.param(TASK, id="task", marks=pytest.mark.at_length)]
)
def work(request: pytest.FixtureRequest, open_notebook: OpenNotebook, tmp_path: Path) -> Work:
    return Work(open_notebook, request.param, tmp_path)


def test_work_goes_on_while_the_notebook_is_closed(work: Work) -> None:
    reopened = work.reopen()
    reopened.wait_for_text(1, "the work is done", timeout=TAKES + 60)
    assert not work.ends.exists()
    reopened.execute("mine.close('read')")
    assert work.end() == "after step 100: read\n"


@pytest.mark.any_front_end
def test_work_that_nobody_comes_back_to_ends_and_is_tidied_up(work: Work) -> None:
    work.wait_until(CLOSED_AT)
    work.notebook.close()
    assert work.end() == "after step 100: the page was closed\n"


@pytest.mark.any_front_end
def test_a_kernel_that_is_shut_down_meanwhile_tidies_up(work: Work) -> None:
    work.wait_until(CLOSED_AT)
    work.notebook.close()
    work.wait_until(CLOSED_AT + 5)
    work.notebook.server.shut_down_kernel(work.notebook.path)
    ended = work.end()
    assert ended.endswith(": the kernel was shut down\n")
    assert ended.count("\n") == 1


@pytest.mark.any_front_end
def test_an_app_computes_on_while_the_notebook_is_closed(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    work = Work(open_notebook, FUNCTION_APP.replace("{body}", COMPUTES), tmp_path)
    reopened = work.reopen()
    reopened.wait_for_text(1, "the work is done", timeout=TAKES + 60)
    assert not work.ends.exists()


@pytest.mark.parametrize(
    "app",
    [
        pytest.param(FUNCTION_APP, id="function"),
        pytest.param(COROUTINE_APP, id="coroutine", marks=pytest.mark.at_length),
    ],
)
def test_an_app_that_waits_for_its_reader_ends_with_the_page(
    open_notebook: OpenNotebook, tmp_path: Path, app: str
) -> None:
    work = Work(open_notebook, app.replace("{body}", "hold()"), tmp_path)
    work.notebook.wait_for_text(1, "the app is here")
    work.notebook.close()
    assert work.end() == "after step 0: the page was closed\n"


ORDER = (
    CELL
    + """
put_scope("part")
def work():
    while len(steps.read_text()) < 50 or mine.page is not None: time.sleep(0.05)
    with use_scope("part"): put_html("<p class=found></p>")
    run_js("window.found = element.querySelectorAll('.found').length")
    clear("part")
    with steps.open("a") as file: file.write(100 * ".")
    put_text("the work is done")
    while mine.page is None: time.sleep(0.05)
thread = threading.Thread(target=work)
register_thread(thread)
thread.start()
"""
)


@pytest.mark.any_front_end
def test_commands_find_the_outputs_before_them_also_when_the_tab_was_closed(
    open_notebook: OpenNotebook, tmp_path: Path
) -> None:
    work = Work(open_notebook, ORDER, tmp_path)
    work.notebook.close()
    (tmp_path / "steps").write_text(50 * ".")
    work.wait_until(100)
    reopened = open_notebook(path=work.notebook.path)
    reopened.wait_for_text(1, "the work is done")
    reopened.wait_for("() => window.found !== undefined")
    assert reopened.page.evaluate("window.found") == 1
