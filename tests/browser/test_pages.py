"""Two pages on one notebook: a session acts on one; the other says so, takes it over, goes on when that one is gone."""

from __future__ import annotations

import os
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from .test_lifetime import LEASE, SETUP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

pytestmark = pytest.mark.any_front_end

ELSEWHERE = "This session runs in another window"
WHO = "window.me ??= Math.random()"
WORK = """
import threading
from nbsession.output import put_text
platform = runtime.platform
mine = current_session()
put_text("shown")
numbers = iter(range(1, 1_000_000))
def work(count):
    for n in range(count): run_js("(window.ran ??= []).push(n)", n=next(numbers))
"""


@pytest.fixture
def two(open_notebook: OpenNotebook) -> tuple[NotebookPage, NotebookPage]:
    """A notebook in two windows: a session that acts on the first and is seen on both."""
    first = open_notebook([SETUP, WORK])
    first.run(0)
    first.run(1)
    first.wait_for_text(1, "shown")
    first.save()
    second = open_notebook(path=first.path)
    second.wait_for_text(1, ELSEWHERE)
    return first, second


def ran(notebook: NotebookPage) -> list[int]:
    numbers: list[int] = notebook.page.evaluate("window.ran ?? []")
    return numbers


def use_here(notebook: NotebookPage) -> None:
    notebook.output_area(1).get_by_role("button", name="Use here").click()
    notebook.wait_for_text(1, "shown")


def in_session(notebook: NotebookPage, code: str) -> list[str]:
    """Run a cell whose code belongs to the session of the first one."""
    return notebook.execute(
        f"from nbsession._core.scope import SessionScope, scope_var\nscope_var.set(SessionScope(mine))\n{code}"
    )


def test_each_window_acts_for_its_own_cells(two: tuple[NotebookPage, NotebookPage]) -> None:
    first, second = two
    names = [notebook.execute(f"print(eval_js({WHO!r}))") for notebook in (first, second)]
    assert names == [[str(notebook.page.evaluate("window.me"))] for notebook in (first, second)]
    in_session(second, "work(1)")
    first.wait_for("() => window.ran?.length === 1")
    assert ran(second) == []


@pytest.mark.at_length
def test_taking_a_session_over_and_back_loses_nothing(two: tuple[NotebookPage, NotebookPage]) -> None:
    first, second = two
    code = """
platform.page_registry.takeovers.polite = 300  # the page that is left may take longer than 3 s
def stream():
    while not stop.wait(0.001): work(20)
    eval_js("1"); done.set()
stop, done = threading.Event(), threading.Event()
thread = threading.Thread(target=stream); register_thread(thread); thread.start()
"""
    in_session(first, code)
    first.wait_for("() => window.ran?.length > 100")
    use_here(second)
    second.wait_for("() => window.ran?.length > 100")
    first.wait_for_text(1, ELSEWHERE)
    use_here(first)
    second.wait_for_text(1, ELSEWHERE)
    assert second.execute("stop.set(); print(await asyncio.to_thread(done.wait, 60))") == ["True"]
    there, here = ran(second), ran(first)
    assert sorted([*here, *there]) == list(range(1, len(here) + len(there) + 1))
    assert here == sorted(here)
    assert there == sorted(there)


def test_when_the_window_that_acts_is_closed_the_other_goes_on(
    two: tuple[NotebookPage, NotebookPage],
) -> None:
    first, second = two
    second.execute("platform.page_registry.return_within = 1.0")
    first.close()
    second.wait_for_text(1, "shown")
    in_session(second, "work(3)")
    second.wait_for("() => window.ran?.length === 3")
    assert second.execute("print(ended)") == ["{}"]


@pytest.mark.at_length
def test_a_window_that_crashed_does_not_count_when_the_notebook_is_opened_again(
    open_notebook: OpenNotebook,
) -> None:
    """It says no goodbye, and would be waited for during three heartbeats."""
    first = open_notebook([SETUP, WORK])
    first.run(0)
    first.run(1)
    first.wait_for_text(1, "shown")
    first.save()
    first.crash()
    again = open_notebook(path=first.path)
    again.wait_for_text(1, "shown")
    in_session(again, "work(3)")
    again.wait_for("() => window.ran?.length === 3")


@pytest.mark.jupyterlab
def test_a_notebook_that_is_closed_and_opened_inside_of_jupyterlab_goes_on(
    open_notebook: OpenNotebook,
) -> None:
    """In the same document, where its former self has left a client whose connection is gone."""
    notebook = open_notebook([SETUP, WORK])
    notebook.run(0)
    notebook.run(1)
    notebook.wait_for_text(1, "shown")
    notebook.save()
    notebook.close_tab()
    notebook.open_tab()
    in_session(notebook, "put_text('goes on')")
    notebook.wait_for_text(1, "goes on", timeout=20)


def test_when_the_window_that_acts_is_put_to_sleep_the_other_goes_on(
    open_notebook: OpenNotebook, tmp_path: Path
) -> None:
    """A tab that nobody looks at: its JavaScript stands still, and it says nothing, nor goodbye."""
    first = open_notebook([SETUP, WORK])
    first.run(0)
    first.run(1)
    first.wait_for_text(1, "shown")
    first.execute(LEASE + f"lease_when_there_is({str(tmp_path / 'short')!r}, 12.0)")
    first.save()
    second = open_notebook(path=first.path)
    second.wait_for_text(1, ELSEWHERE)
    with first.standing_still():
        (tmp_path / "short").touch()
        second.wait_for_text(1, "shown")
        in_session(second, "work(3)")
        second.wait_for("() => window.ran?.length === 3")
    first.wait_for_text(1, ELSEWHERE)
    assert ran(first) == []


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """A server to which pages write at once what they run: what a page itself keeps is gone when it crashes."""
    with Ledger() as ledger:
        thread = threading.Thread(target=ledger.serve_forever)
        thread.start()
        yield ledger
        ledger.shutdown()
        thread.join()


class Ledger(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Entry)
        self.ran: list[int] = []
        self.written = threading.Condition()

    def wait_until_past(self, number: int) -> None:
        """Block until that command or a later one has run: what a crash took with it never does.

        Raises AssertionError when nothing at all has run for a minute.
        """
        with self.written:
            while not self.ran or self.ran[-1] < number:
                assert self.written.wait(60), f"nothing after command {self.ran[-1:]}, {len(self.ran)} ran"


class Entry(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Ledger

    def do_POST(self) -> None:
        number = int(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.written:
            self.server.ran.append(number)
            self.server.written.notify_all()
        self.send_response(204)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.at_length
def test_while_the_window_that_acts_crashes_again_and_again(
    two: tuple[NotebookPage, NotebookPage], open_notebook: OpenNotebook, ledger: Ledger
) -> None:
    """No command runs twice, all run in order, each that did not run is named.

    With NBSESSION_TEST_LOAD=full 10,000 commands and ten crashes. A value between them, each time, keeps the rest from
    being on its way to the page all at once: then the first crash would be the only one that takes commands with it.
    """
    crashes, count = (10, 10_000) if os.environ.get("NBSESSION_TEST_LOAD") == "full" else (1, 1000)
    acting, other = two
    write = "const call = new XMLHttpRequest(); call.open('POST', url, false); call.send(n)"
    url = f"http://127.0.0.1:{ledger.server_port}/"
    stream = f"""
from contextlib import suppress
def stream():
    for n in range({count}):
        run_js("{write}", n=n, url="{url}")
        if n % 250 == 249:
            with suppress(PageLostError): eval_js("1")
    done.set()
done = threading.Event()
thread = threading.Thread(target=stream); register_thread(thread); thread.start()
"""
    in_session(acting, stream)
    for crash in range(crashes):
        ledger.wait_until_past(crash * count // crashes + 100)
        acting.crash()
        other.output_area(1).get_by_role("button", name="Use here").click()
        other.wait_for_text(1, "shown")
        acting = other
        if crash + 1 < crashes:
            other = open_notebook(path=acting.path)
            other.wait_for_text(1, ELSEWHERE)
    assert acting.execute("print(await asyncio.to_thread(done.wait, 60))") == ["True"]
    said = "[str(n.fields.get('details') or n.fields['text']) for n in mine.outputs.children(0) if n.kind == 'notice']"
    [text] = acting.execute(f"print('\\n'.join({said}))")
    named = {int(number) for number in re.findall(r"# n=(\d+)", text)}
    assert ledger.ran == sorted(set(ledger.ran)), "none twice, all in order"
    assert set(range(count)) - set(ledger.ran) <= named, "each that did not run is named"
