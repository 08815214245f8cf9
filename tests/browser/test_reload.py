"""Reloading the page at any moment: what was not begun goes on, what was begun is not repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .notebook_page import AWAY_FOR_LONG
from .test_lifetime import ANSWER, SETUP

if TYPE_CHECKING:
    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

UNANSWERED = "the page was closed, or reloaded while the cell that waited for it kept the kernel busy"
# What runs in the page is noted where a reload does not lose it.
NOTE = "const ran = JSON.parse(localStorage.ran ?? '[]'); ran.push(n); localStorage.ran = JSON.stringify(ran)"


@pytest.fixture
def ready(open_notebook: OpenNotebook) -> NotebookPage:
    """A notebook whose page has attached and which is saved with its views."""
    notebook = open_notebook([SETUP + AWAY_FOR_LONG, "show('shown'); watch('first'); eval_js('1')"])
    notebook.page.evaluate("localStorage.removeItem('ran')")
    notebook.run_all()
    notebook.wait_for_text(1, "shown")
    return notebook


def ran(notebook: NotebookPage) -> list[int]:
    numbers: list[int] = notebook.page.evaluate("JSON.parse(localStorage.ran ?? '[]')")
    return numbers


def test_while_a_cell_waits_for_the_page(ready: NotebookPage) -> None:
    """The eval that was begun fails; what the cell asks next is answered by the page that came back."""
    code = f"""
trace = []
try: eval_js("(() => {{ {NOTE} }})() ?? new Promise(() => {{}})", n=1)
except PageLostError as error: trace.append(str(error))
for n in range(2, 5): run_js("{NOTE}", n=n)
trace.append(eval_js("2 + 3"))
"""
    index = ready.append(code)
    ready.save()
    ready.run(index, wait=False)
    ready.wait_for("() => localStorage.ran === '[1]'")
    ready.reload()
    ready.wait_for_text(1, "shown")
    ready.wait_for("() => JSON.parse(localStorage.ran).length === 4")
    assert ran(ready) == [1, 2, 3, 4]
    [said] = ready.execute("print(trace)")
    assert "may have run" in said
    assert said.endswith(", 5]")
    assert ready.execute("print(ended)") == ["{}"]


def test_a_page_that_does_not_come_back_to_a_cell_that_waits_for_it(
    ready: NotebookPage, open_notebook: OpenNotebook
) -> None:
    """The cell goes on, and whoever opens the notebook again is told."""
    code = """
runtime.platform.page_registry.return_within = 1.0
show("waits")
try: eval_js("localStorage.ran = '[1]', new Promise(() => {})")
except SessionClosedException as error: said = str(error)
"""
    index = ready.append(code)
    ready.run(index, wait=False)
    ready.wait_for("() => localStorage.ran === '[1]'")
    ready.wait_for_text(index, "waits")
    ready.save()
    ready.close()
    again = open_notebook(path=ready.path)
    again.wait_for_text(index, f"session closed: {UNANSWERED}; run the cell again")
    [said] = again.execute("print(said)")
    assert UNANSWERED in said


@pytest.mark.any_front_end
def test_while_code_goes_on_without_a_cell(ready: NotebookPage) -> None:
    code = f"""
import threading
go_on = threading.Event()
def work():
    for n in range(200):
        if n == 100: go_on.wait(60)
        run_js("{NOTE}", n=n)
    eval_js("1")
    current_session().close("done")
watch("it")
thread = threading.Thread(target=work); register_thread(thread); thread.start()
"""
    ready.run(ready.append(code))
    ready.wait_for("() => JSON.parse(localStorage.ran ?? '[]').length === 100")
    ready.save()
    ready.reload()
    ready.execute("go_on.set()")
    assert ready.execute(ANSWER) == ["['done']"]
    assert ran(ready) == list(range(200))


@pytest.mark.any_front_end
def test_while_a_download_is_on_its_way(ready: NotebookPage) -> None:
    """The page has not been given all of it: its successor is, from the first byte on."""
    code = f"""
run_js("harness.mute(path, true)", path={ready.path!r})  # so that it gets no more than the link's window
file = download("zeros.bin", bytes(24_000_000))
"""
    ready.run(index := ready.append(code), wait=False)
    ready.wait_for_text(index, "zeros.bin")
    assert not ready.downloads
    ready.save()
    ready.reload()
    [saved] = ready.wait_for_downloads(1)
    assert saved.path().stat().st_size == 24_000_000
    assert ready.execute("await file; print(file.done)") == ["True"]


# Each widget model that anywidget makes takes half a second, as on a page with hundreds of them and little time.
SLOW = """
const timeout = AbortSignal.timeout;
AbortSignal.timeout = (ms) => {
  const until = performance.now() + 500;
  while (performance.now() < until);
  return timeout.call(AbortSignal, ms);
};
"""
GIVEN_UP = "widget model not found"


def test_views_that_jupyterlab_gives_up_on_a_slow_page_appear(open_notebook: OpenNotebook) -> None:
    # A notebook whose file contains renditions gives JupyterLab no widgets to look for.
    without = "import os; os.environ['NBSESSION_STATIC'] = 'off'\n"
    notebook = open_notebook([without + SETUP + AWAY_FOR_LONG, *["show('shown')"] * 5])
    notebook.run_all()
    notebook.wait_for_text(5, "shown")
    notebook.save()
    notebook.page.add_init_script(SLOW)
    notebook.reload()
    for index in range(1, 6):
        notebook.wait_for_text(index, "shown")
    given_up = [message for message in notebook.console if GIVEN_UP in message.text]
    assert given_up, "JupyterLab has found its models: docs/upstream.md may be a thing of the past"
