"""A server in a process of its own: how it ends, and begins anew."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from .script import Script
from .visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVER = """
    from nbsession import defer_call, hold, start_server
    from nbsession.output import put_text

    def app():
        defer_call(lambda: print("deferred"))
        put_text("here")
        hold()

    start_server(app, port=0, debug=DEBUG)
    print("returned")
"""

FAILING = """
    from nbsession import start_server

    def app():
        1 / 0

    start_server(app, port=0)
"""


class Served:
    """The process, and a visitor of its app."""

    def __init__(self, folder: Path, *, debug: bool) -> None:
        self.script = Script(SERVER.replace("DEBUG", str(debug)), folder)
        try:
            line = self.script.wait_for_line("nbsession serves at")
            self.visitor = Visitor(int(line.split(":")[2].split("/")[0]))
            self.visitor.wait_for(lambda: self.visitor.texts)
        except BaseException:
            self.script.end()
            raise


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path, debug=getattr(request, "param", False))
    yield made
    made.visitor.vanish()
    made.script.end()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl_c", "sigterm"])
def test_a_signal_ends_the_server_and_runs_what_was_deferred(served: Served, number: signal.Signals) -> None:
    served.script.process.send_signal(number)
    assert served.script.wait()[-2:] == ["deferred", "returned"]
    assert served.script.process.returncode == 0
    served.visitor.wait_gone()
    assert served.visitor.ended == "the server was stopped"


@pytest.mark.parametrize("served", [True], indirect=True)
def test_changed_code_begins_anew_and_runs_what_was_deferred(served: Served, tmp_path: Path) -> None:
    for time in range(1, 20):  # tornado looks twice a second, the first time only to remember
        os.utime(tmp_path / "app.py", (time, time))
        with suppress(TimeoutError):
            served.script.wait_for_line("deferred", timeout=1)
            break
    served.script.wait_for_line("nbsession serves at")
    served.visitor.wait_gone()
    assert served.visitor.ended == "the code of the server has changed"


def test_what_an_app_raises_is_told_where_the_server_was_started(tmp_path: Path) -> None:
    script = Script(FAILING, tmp_path)
    try:
        line = script.wait_for_line("nbsession serves at")
        visitor = Visitor(int(line.split(":")[2].split("/")[0]))
        assert script.wait_for_line("ZeroDivisionError")
        visitor.vanish()
    finally:
        script.end()


def test_a_process_of_multiprocessing_opens_no_page_and_says_where_to_call(tmp_path: Path) -> None:
    script = Script(
        """
        import multiprocessing
        from nbsession import eval_js
        if __name__ == "__main__":
            worker = multiprocessing.get_context("spawn").Process(target=eval_js, args=["1"])
            worker.start()
            worker.join()
        """,
        tmp_path,
    )
    try:
        assert "Call it in the process that started this one" in script.wait()[-1]
    finally:
        script.end()
