"""How sessions end, each way with its deferred functions run once, and what does not end them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .notebook_page import AWAY_FOR_LONG

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

# `watch` notes why the calling cell's session was closed, `why` waits for it. An awaiting cell lets ipykernel 6 read.
SETUP = """
import asyncio
from nbsession import *
from nbsession import session
from nbsession._core.current import current_session, runtime
ended, changed, loop = {}, asyncio.Event(), asyncio.get_running_loop()
def watch(name):
    mine = current_session()
    def end():
        ended.setdefault(name, []).append(mine.closed)
        loop.call_soon_threadsafe(changed.set)
    session.defer_call(end)
def show(text):
    current_session().outputs.notice("info", text)
async def why(name):
    while name not in ended:
        changed.clear()
        await asyncio.wait_for(changed.wait(), 60)
    return ended[name]
"""
WATCHED = "watch('it'); show('shown')"
ANSWER = "print(await why('it'))"


@pytest.fixture
def ready(notebook: NotebookPage) -> NotebookPage:
    """The shared notebook with nothing ended yet."""
    notebook.execute(SETUP)
    return notebook


def shown(notebook: NotebookPage, source: str = WATCHED, text: str = "shown") -> int:
    """Run a cell that shows something, and return its index."""
    index = notebook.append(source)
    notebook.run(index)
    notebook.wait_for_text(index, text)
    return index


def test_running_the_cell_again(ready: NotebookPage) -> None:
    index = shown(ready)
    ready.set_source(index, ANSWER)
    assert ready.run(index) == ["['the cell was run again']"]


def test_clearing_its_output(ready: NotebookPage) -> None:
    ready.command(shown(ready), "notebook:clear-cell-output")
    assert ready.execute(ANSWER) == ["['its output was cleared']"]


def test_deleting_the_cell_with_its_view(ready: NotebookPage) -> None:
    ready.remove(shown(ready))
    assert ready.execute(ANSWER) == ["['its output was cleared']"]


def test_deleting_a_cell_that_shows_nothing(ready: NotebookPage) -> None:
    index = ready.append("watch('it'); run_js('1')")
    ready.run(index)
    ready.command(index, "notebook:delete-cell")
    assert ready.execute(ANSWER) == ["['its cell was deleted']"]


def test_closing_it_by_the_program(ready: NotebookPage) -> None:
    index = shown(ready, WATCHED + "; mine = current_session()")
    assert ready.execute("mine.close('enough of it')\n" + ANSWER) == ["['enough of it']"]
    ready.wait_for_text(index, "enough of it")
    assert "shown" in ready.text(index)


def test_closing_the_page(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([SETUP + "runtime.platform.page_registry.return_within = 1.0", WATCHED])
    notebook.run_all()
    notebook.wait_for_text(1, "shown")
    notebook.save()
    notebook.close()
    again = open_notebook(path=notebook.path)
    assert again.execute(ANSWER) == ["['the page was closed']"]
    again.wait_for_text(1, "session closed: the page was closed; run the cell again")


# Pages that are there when these are run learn how often to say something; their hello was answered before.
TERMS = """
page_registry = runtime.platform.page_registry
for page in page_registry.pages.values():
    page_registry.tell_terms(page.context)
"""
# Pages say something each second, but may be silent for ten minutes until the test allows `seconds`: a busy machine
# silences pages, too.
LEASE = f"""
runtime.platform.page_registry.lease.longest_pause = 1.0
{TERMS}
def lease_when_there_is(file, seconds):
    def shorten():
        while not os.path.exists(file): time.sleep(0.05)
        page_registry.lease.change(seconds)
    import os, threading, time
    threading.Thread(target=shorten, daemon=True).start()
"""


@pytest.fixture
def leased(open_notebook: OpenNotebook, tmp_path: Path) -> NotebookPage:
    """A notebook that shows a session; its lease is 3 s from `silence` on."""
    ended = f"session.defer_call(lambda: open({str(tmp_path / 'ended')!r}, 'w').close());"
    notebook = open_notebook([SETUP, f"{WATCHED}; {ended}"])
    notebook.run_all()
    notebook.wait_for_text(1, "shown")
    notebook.execute(LEASE + f"lease_when_there_is({str(tmp_path / 'short')!r}, 3.0)")
    return notebook


def silence(notebook: NotebookPage, tmp_path: Path) -> None:
    """Let the silence of a page that says nothing any more end its session, without a cell: while one awaits on
    ipykernel 6 the lease does not run.
    """
    (tmp_path / "short").touch()
    while not (tmp_path / "ended").exists():
        notebook.page.wait_for_timeout(100)


def test_a_silent_page(leased: NotebookPage, open_notebook: OpenNotebook, tmp_path: Path) -> None:
    """A notebook whose tab was closed inside of JupyterLab may be opened again as long as the lease runs."""
    leased.close_tab()
    silence(leased, tmp_path)
    again = open_notebook(path=leased.path)
    assert again.execute(ANSWER) == ["['its page was silent for 3 s']"]


def test_a_page_that_is_there_and_has_nothing_to_say_says_that(leased: NotebookPage) -> None:
    leased.execute("""
heartbeats, interceptor = [], runtime.platform.interceptor
((comm_id, receive),) = interceptor.receivers.items()
interceptor.open(comm_id, lambda message: ("alive" in message.content and heartbeats.append(1), receive(message)))
""")
    assert leased.execute("while len(heartbeats) < 3: await asyncio.sleep(0.1)\nprint(ended)") == ["{}"]


def test_a_page_that_returns_from_a_long_silence_says_so(leased: NotebookPage, tmp_path: Path) -> None:
    leased.mute(muted=True)
    silence(leased, tmp_path)
    leased.mute(muted=False)
    leased.wait_for_text(1, "session closed: its page was silent for 3 s; run the cell again")
    assert leased.execute(ANSWER) == ["['its page was silent for 3 s']"]


@pytest.mark.parametrize(
    "busy", [pytest.param(False, id="idle", marks=pytest.mark.at_length), pytest.param(True, id="busy")]
)
def test_restarting_the_kernel(open_notebook: OpenNotebook, tmp_path: Path, busy: bool) -> None:  # noqa: FBT001
    trace = tmp_path / "trace"
    noted = f"mine = current_session(); session.defer_call(lambda: open({str(trace)!r}, 'a').write(mine.closed + '.'))"
    notebook = open_notebook([SETUP, noted + "\nshow('shown')", "import time\nprint('busy')\ntime.sleep(60)"])
    notebook.run(0)
    notebook.run(1)
    notebook.wait_for_text(1, "shown")
    if busy:
        notebook.run(2, wait=False)
        notebook.wait_for_text(2, "busy")
    notebook.restart()
    notebook.wait_for_text(1, "the kernel was restarted, run the cell again")
    assert trace.read_text() == "the kernel was restarted, run the cell again."


def test_shutting_the_kernel_down(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    noted = f"mine = current_session(); session.defer_call(lambda: open({str(trace)!r}, 'a').write(mine.closed + '.'))"
    notebook = open_notebook([SETUP, noted + "\nshow('shown')"])
    notebook.run_all()
    notebook.wait_for_text(1, "shown")
    notebook.server.shut_down_kernel(notebook.path)
    notebook.wait_for_text(1, "the kernel was shut down")
    assert trace.read_text() == "the kernel was shut down."


def test_a_kernel_that_dies_says_nothing_so_the_page_does(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([SETUP, "show('shown')", "import os; os._exit(1)"])
    notebook.run(0)
    notebook.run(1)
    notebook.wait_for_text(1, "shown")
    notebook.run(2, wait=False)
    notebook.wait_for_text(1, "the kernel died and was restarted, run the cell again")


# -- what does not end a session


def test_a_reload_returns_to_the_sessions_and_their_outputs(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([SETUP + AWAY_FOR_LONG, WATCHED])
    notebook.run_all()
    notebook.wait_for_text(1, "shown")
    notebook.save()
    notebook.reload()
    notebook.wait_for_text(1, "shown")
    assert notebook.execute("print(ended)") == ["{}"]
    notebook.command(1, "notebook:clear-cell-output")
    assert notebook.execute(ANSWER) == ["['its output was cleared']"]


def test_a_reload_while_another_cell_runs(open_notebook: OpenNotebook) -> None:
    """JupyterLab makes the page's widgets when the kernel answers again, which here is later than it may be away."""
    setup = SETUP + "runtime.platform.page_registry.return_within = 4.0"
    busy = "import time\nprint('busy'); time.sleep(10); print('done')"
    notebook = open_notebook([setup, WATCHED, busy + AWAY_FOR_LONG])
    notebook.run(0)
    notebook.run(1)
    notebook.wait_for_text(1, "shown")
    notebook.save()
    notebook.run(2, wait=False)
    notebook.wait_for_text(2, "busy")
    notebook.reload()
    notebook.wait_for_text(1, "shown")
    assert notebook.execute("print(ended)") == ["{}"]


def test_what_only_moves_or_hides_a_view(ready: NotebookPage) -> None:
    moved = shown(ready, "watch('moved'); show('moved')", "moved")
    ready.append("# another")
    ready.command(moved, "notebook:move-cell-down")
    copied = shown(ready, "watch('copied'); show('copied')", "copied")
    if ready.server.frontend.name == "lab":  # Notebook 7 has no other place for it
        ready.command(copied, "notebook:create-output-view")
    hidden = shown(ready, "watch('hidden'); show('hidden')", "hidden")
    ready.command(hidden, "notebook:hide-cell-outputs")
    assert ready.execute("await asyncio.sleep(3); print(ended)") == ["{}"]


def test_a_cell_out_of_sight(open_notebook: OpenNotebook) -> None:
    """JupyterLab's windowing mode "full" hides cells that are far away; the others only do not draw them."""
    tall = "from IPython.display import HTML; HTML('<div style=\"height: 1500px\">tall</div>')"
    notebook = open_notebook([SETUP, WATCHED, *[tall] * 8, "print(await asyncio.sleep(3), ended)"])
    notebook.set_windowing("full")
    notebook.run_all()
    notebook.scroll_to(10)
    notebook.wait_for("args => !harness.isVisible(args)", [notebook.path, 1])
    assert notebook.run(10) == ["None {}"]
    notebook.scroll_to(1)
    notebook.wait_for_text(1, "shown")


def test_clear_output_in_a_loop_that_uses_the_session(ready: NotebookPage) -> None:
    code = """
from IPython.display import clear_output
from nbsession.output import put_text
watch("loop")
for turn in range(6):
    clear_output(wait=True)
    put_text(f"turn {turn}")
    eval_js("new Promise(done => setTimeout(done, 600))")
    print("printed", turn)
"""
    index = ready.append(code)
    ready.run(index)
    ready.wait_for_text(index, "turn 5")
    assert "printed 5" in ready.text(index)
    assert "printed 4" not in ready.text(index)
    assert "turn 4" not in ready.text(index)
    assert ready.execute("await asyncio.sleep(3); print(ended)") == ["{}"]


def test_clearing_an_output_widget_clears_nothing_else(ready: NotebookPage) -> None:
    code = """
import ipywidgets
from nbsession.output import put_text
out = ipywidgets.Output()
put_text("stays")
display(out)
with out: print("one")
out.clear_output()
with out: print("two")
put_text("added")
"""
    ready.run(index := ready.append(code))
    ready.wait_for_text(index, "added")
    ready.wait_for_text(index, "two")
    assert ready.text(index).count("stays") == 1


def test_clear_output_that_takes_the_only_view_away(ready: NotebookPage) -> None:
    code = """
from IPython.display import clear_output
watch("cleared"); show("first")
eval_js("1"); clear_output(); mine = current_session()
"""
    ready.run(index := ready.append(code))
    assert ready.execute("await asyncio.sleep(3); print(ended)") == ["{}"]
    ready.execute("mine.outputs.notice('info', 'shown again')")
    ready.wait_for_text(index, "shown again")


def test_clearing_the_output_of_a_cell_that_runs(ready: NotebookPage) -> None:
    """Its code goes on and what it shows next appears; then the session is like any other."""
    code = """
watch("it"); show("first")
eval_js("new Promise(done => { window.goOn = done })")
print(mine := current_session().closed); show("second")
"""
    index = ready.append(code)
    ready.run(index, wait=False)
    ready.wait_for_text(index, "first")
    ready.clear_output(index)
    ready.page.wait_for_timeout(3000)  # longer than a view may be gone
    ready.page.evaluate("window.goOn()")
    ready.wait_idle()
    ready.wait_for_text(index, "second")
    assert "None" in ready.text(index)
    ready.command(index, "notebook:clear-cell-output")
    assert ready.execute(ANSWER) == ["['its output was cleared']"]


def test_a_thread_prints_into_its_own_cell(ready: NotebookPage) -> None:
    code = """
import threading
speak = threading.Event()
thread = threading.Thread(target=lambda: (speak.wait(120), print("of the thread")))
register_thread(thread); thread.start()
"""
    index = ready.append(code)
    ready.run(index)
    assert ready.execute("speak.set(); thread.join(); print('of the cell')") == ["of the cell"]
    ready.wait_for_text(index, "of the thread")
