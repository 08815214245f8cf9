"""Work that goes on while the notebook is closed: the page that opens it again shows all of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import OpenNotebook

# Seconds: how long the work takes, and how long a page may be away.
TAKES, RETURN_WITHIN = (60.0, 20.0) if os.environ.get("NBSESSION_TEST_LOAD") == "full" else (8.0, 1.0)

SETUP = f"""
import asyncio, threading, time
from nbsession import *
from nbsession.output import *
from nbsession._core.current import current_session, runtime
runtime.platform.page_registry.return_within = {RETURN_WITHIN}
deferred = []
"""
BEGIN = """
mine = current_session()
defer_call(lambda: deferred.append(mine.closed))
put_progressbar("work")
"""
THREAD = """
def work():
    for step in range(1, 101):
        time.sleep({pause})
        set_progressbar("work", step / 100)
    put_text("the work is done")
thread = threading.Thread(target=work)
register_thread(thread)
thread.start()
"""
TASK = """
async def work():
    for step in range(1, 101):
        await asyncio.sleep({pause})
        set_progressbar("work", step / 100)
    put_text("the work is done")
_ = run_async(work())
"""


@pytest.mark.parametrize("work", [THREAD, TASK], ids=["thread", "task"])
def test_work_goes_on_while_the_notebook_is_closed(open_notebook: OpenNotebook, work: str) -> None:
    notebook = open_notebook([SETUP, BEGIN + work.format(pause=TAKES / 100)])
    notebook.run_all()
    notebook.wait_for("args => harness.outputs(...args).length > 0", [notebook.path, 1])
    notebook.save()
    notebook.close()
    reopened = open_notebook(path=notebook.path)
    reopened.wait_for_text(1, "the work is done", timeout=TAKES + 60)
    assert reopened.execute("print(mine.closed, deferred)") == ["None []"]
