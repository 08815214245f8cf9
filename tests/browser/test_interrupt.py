"""Stop ends a wait, and what comes after it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import FillNotebook, OpenNotebook

IMPORT = "from nbsession import *\nimport asyncio, threading\n"

WAITS = {
    "blocking": "eval_js('new Promise(() => 0)')",
    "awaited": "await eval_js('new Promise(() => 0)')",
    "awaited by a task": "await asyncio.gather(eval_js('new Promise(() => 0)'), eval_js('new Promise(() => 0)'))",
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS.keys())
def test_stop_during_a_wait(fill_notebook: FillNotebook, wait: str) -> None:
    notebook = fill_notebook(
        [
            IMPORT + "eval_js('delete window.waiting')",
            f"run_js('window.waiting = true')\n{wait}",
            "eval_js('2')",
        ]
    )
    notebook.run(0)
    notebook.run(1, wait=False)
    notebook.wait_for("() => window.waiting")
    notebook.interrupt()
    notebook.wait_idle()
    expected = (
        "CancelledError" if "gather" in wait else "KeyboardInterrupt"
    )  # gather's own wait is asyncio's to end
    assert expected in notebook.text(1)
    assert notebook.run(2) == ["2"]


def test_stop_reaches_the_registered_threads_of_the_cell(open_notebook: OpenNotebook) -> None:
    start = """
seen = []
def work():
    run_js("window.waiting = true")
    try:
        eval_js("new Promise(() => 0)")
    except BaseException as error:
        seen.append(type(error).__name__)
thread = threading.Thread(target=work)
register_thread(thread)
thread.start()
eval_js("new Promise(() => 0)")
"""
    notebook = open_notebook([IMPORT + "eval_js('1')", start, "thread.join(60); seen", "eval_js('2')"])
    notebook.run(0)
    notebook.run(1, wait=False)
    notebook.wait_for("() => window.waiting")
    notebook.interrupt()
    notebook.wait_idle()
    assert notebook.run(2) == ["['KeyboardInterrupt']"]
    assert notebook.run(3) == ["2"]
