"""Forked children of servers and scripts: nothing of theirs reaches a page, and the parent's pages go on."""

from __future__ import annotations

import os
import re
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from nbsession import eval_js, run_js
from nbsession.exceptions import ForkedProcessError
from nbsession.output import put_text

from .script import Script
from .visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import Serve, Visit

    Run = Callable[[str], Script]

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on this system"),
    # From Python 3.12 on: that is what is tested here.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]

# What scripts call `forked(function)` for: what a child raised. The child ends itself when it hangs.
FORKED = """
import os, signal
from nbsession import *
def forked(function):
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        try: function()
        except BaseException as error: os.write(writable, type(error).__name__.encode())
        os._exit(0)
    os.close(writable); os.waitpid(child, 0)
    return open(readable).read() or "nothing"
"""


def fork() -> int:
    """Fork; a child that hangs is ended. (Its output, once more, would be the tests'.)"""
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
    return child


def status(child: int) -> int:
    """Wait for the end of a child and return its exit status; a negative one is a signal's."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def raised(function: Callable[[], object]) -> bool:
    """Call a function in a child; say whether it raised that the process was forked."""
    child = fork()
    if child == 0:
        try:
            function()
        except ForkedProcessError:
            os._exit(7)
        os._exit(0)
    return status(child) == 7


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Scripts that are ended after the test."""
    scripts: list[Script] = []

    def run(source: str) -> Script:
        scripts.append(Script(FORKED + source, tmp_path))
        return scripts[-1]

    yield run
    for script in scripts:
        script.end()


def test_a_child_of_an_app_raises_and_the_app_goes_on(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_text(f"{raised(lambda: run_js('child'))} {raised(lambda: eval_js('child'))} {eval_js('1 + 1')}")

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts == ["True True 1 + 1"])
    assert not visitor.ran


def test_a_child_that_returns_from_a_coroutine_app_ends(serve: Serve, visit: Visit) -> None:
    """Else it would go on with a copy of the server's loop, and take what other pages send."""

    async def app() -> None:
        child = fork()
        if child == 0:
            return
        put_text(f"{status(child)}")

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts == ["0"])


def test_a_child_that_fails_in_an_app_ends_with_an_error(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        child = fork()
        if child == 0:
            put_text("child")
        put_text(f"{status(child)}")

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts == ["1"])


def test_a_child_closes_no_server_of_its_parent(serve: Serve, visit: Visit) -> None:
    server = serve(lambda: put_text("here"))
    assert raised(server.close)
    visitor = visit(server)
    visitor.wait_for(lambda: visitor.texts == ["here"])


def test_a_child_without_a_context_is_told_that_it_was_forked(serve: Serve, visit: Visit) -> None:
    """As a worker with which a pool replaces another one: its maintenance thread forks it."""
    said: list[bool] = []

    def app() -> None:
        thread = threading.Thread(target=lambda: said.append(raised(lambda: put_text("child"))))
        thread.start()
        thread.join()
        put_text(f"{said}")

    visitor = visit(serve(app))
    visitor.wait_for(lambda: visitor.texts == ["[True]"])


def test_a_child_of_a_script_raises_and_the_script_goes_on(run: Run) -> None:
    script = run(
        "eval_js('1'); print(forked(lambda: eval_js('child')), forked(lambda: run_js('child')), eval_js('2'))"
    )
    visitor = script.visit()
    assert script.wait()[-1] == "ForkedProcessError ForkedProcessError 2"
    assert not visitor.ran


def test_a_child_of_a_script_that_has_no_page_yet_opens_none(run: Run) -> None:
    assert run("print(forked(lambda: eval_js('child')))").wait()[-1] == "ForkedProcessError"


def test_a_child_that_ends_as_a_script_does_waits_for_nothing(run: Run) -> None:
    script = run("""
eval_js('1')
defer_call(lambda: print("deferred"))
run_js("sent, and perhaps not acknowledged")
child = os.fork()
if child == 0:
    signal.alarm(30)
else:
    print("child:", os.waitpid(child, 0)[1])
    print("page:", eval_js("2"))
""")
    script.visit()
    lines = script.wait()
    assert [line for line in lines if not line.startswith("nbsession")] == ["child: 0", "page: 2", "deferred"]


def test_a_child_may_serve_apps_of_its_own(run: Run) -> None:
    """As a process that becomes a daemon does, or a worker that a server forks."""
    script = run("""
from nbsession.output import put_text
child = os.fork()
if child == 0:
    print("child:", os.getpid(), flush=True)
    start_server(lambda: put_text("of the child"), port=0)
os.waitpid(child, 0)
""")
    child = int(script.wait_for_line("child: ").split()[1])
    try:
        visitor = Visitor(int(re.findall(r":(\d+)/", script.wait_for_line("http://"))[0]))
        visitor.wait_for(lambda: visitor.texts == ["of the child"])
        visitor.vanish()
    finally:
        os.kill(child, signal.SIGKILL)
