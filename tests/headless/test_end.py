"""What is left when a kernel with a headless page ends: nothing, in whatever way it ends."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from .headless_kernel import HeadlessKernel, all_end, browser, kind

if TYPE_CHECKING:
    from pathlib import Path


def test_a_kernel_that_is_killed_leaves_no_process_and_no_folder(own_kernel: HeadlessKernel) -> None:
    own_kernel.must("from nbsession import eval_js; eval_js('1')")
    started = own_kernel.processes()
    assert len(own_kernel.profiles()) == 1
    own_kernel.manager.signal_kernel(signal.SIGKILL)
    assert all_end(started)
    assert own_kernel.profiles() == []


def test_nothing_is_left_although_a_forked_process_outlives_the_kernel(own_kernel: HeadlessKernel) -> None:
    own_kernel.must("from nbsession import eval_js; eval_js('1')")
    started = own_kernel.processes()
    code = "import os, time\nif (child := os.fork()) == 0:\n    time.sleep(60)\n    os._exit(0)\nchild"
    child = psutil.Process(own_kernel.value(code))
    try:
        psutil.Process(own_kernel.pid).kill()  # it alone, not its process group
        assert all_end(started)
        assert child.is_running()
    finally:
        child.kill()


def test_a_kernel_that_is_shut_down_leaves_nothing(own_kernel: HeadlessKernel) -> None:
    own_kernel.must("from nbsession import eval_js; eval_js('1')")
    started = own_kernel.processes()
    own_kernel.manager.shutdown_kernel()
    assert all_end(started)
    assert own_kernel.profiles() == []
    assert own_kernel.said == []


def test_what_the_last_cell_sent_arrives_before_the_kernel_is_shut_down(own_kernel: HeadlessKernel) -> None:
    own_kernel.must("from nbsession import download; download('last.txt', b'the last')")
    own_kernel.manager.shutdown_kernel()
    assert (own_kernel.directory / "last.txt").read_bytes() == b"the last"


def test_errors_that_nobody_saw_are_said_at_the_end(own_kernel: HeadlessKernel) -> None:
    own_kernel.must("from nbsession import run_js; run_js('nothing.at.all'); run_js('nothing.at.all')")
    own_kernel.manager.shutdown_kernel()
    said = (own_kernel.directory / "stderr.txt").read_text()
    error = "ReferenceError: nothing is not defined (2 times), in the code: nothing.at.all"
    assert said.count(f"an error on the page: {error}\n") == 1


def test_errors_of_sessions_that_have_closed_are_said_at_the_end(own_kernel: HeadlessKernel) -> None:
    own_kernel.must("from nbsession import run_js; run_js('nothing.at.all')", "cell")
    own_kernel.must("'the cell is run again'", "cell")
    own_kernel.manager.shutdown_kernel()
    said = (own_kernel.directory / "stderr.txt").read_text()
    assert "an error on the page: ReferenceError: nothing is not defined, in the code: nothing.at.all" in said


def test_the_end_of_the_browser_is_said_at_the_end(own_kernel: HeadlessKernel) -> None:
    own_kernel.must("from nbsession import eval_js; eval_js('1')")
    started = own_kernel.processes()
    browser(started).kill()
    assert all_end(started)
    own_kernel.must("eval_js('2')")
    own_kernel.manager.shutdown_kernel()
    assert "the headless browser has ended\n" in (own_kernel.directory / "stderr.txt").read_text()


def test_a_kernel_that_was_restarted_has_a_new_page(own_kernel: HeadlessKernel) -> None:
    own_kernel.must("from nbsession import eval_js; eval_js('window.before = 1')")
    started = own_kernel.processes()
    own_kernel.restart()
    assert all_end(started)
    assert own_kernel.value("from nbsession import eval_js; eval_js('typeof window.before')") == "undefined"
    assert len(own_kernel.profiles()) == 1


def test_when_the_browser_dies_the_cell_is_told_and_the_next_one_has_another(
    own_kernel: HeadlessKernel,
) -> None:
    own_kernel.must("from nbsession import eval_js; eval_js('1')")
    started = own_kernel.processes()
    request = own_kernel.execute("print('waits'); eval_js('new Promise(() => {})')")
    own_kernel.until(lambda message: message["msg_type"] == "stream")
    browser(started).kill()
    outcome = own_kernel.finish(request)
    assert outcome.error == "SessionClosedException"
    assert "the headless browser has ended" in outcome.traceback
    assert own_kernel.value("eval_js('40 + 2')") == 42
    assert all_end(started)


def test_when_the_page_crashes_the_cell_is_told(own_kernel: HeadlessKernel) -> None:
    own_kernel.must("from nbsession import eval_js; eval_js('1')")
    request = own_kernel.execute("print('waits'); eval_js('new Promise(() => {})')")
    own_kernel.until(lambda message: message["msg_type"] == "stream")
    for process in own_kernel.processes():
        if kind(process) == "renderer":
            process.kill()
    outcome = own_kernel.finish(request)
    assert outcome.error == "SessionClosedException"
    assert "the page has crashed" in outcome.traceback


def test_without_a_browser_the_first_use_says_what_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    kernel = HeadlessKernel(sys.executable, tmp_path)
    try:
        outcome = kernel.run("from nbsession import run_js; run_js('1')")
    finally:
        kernel.close()
    assert outcome.error == "FrontendNotFoundException"
    assert "chromium, chromium-browser, google-chrome" in outcome.traceback


def test_a_browser_that_ends_at_once_may_be_done_without(tmp_path: Path) -> None:
    kernel = HeadlessKernel(sys.executable, tmp_path, NBSESSION_BROWSER="/bin/false")
    try:
        kernel.must("from nbsession import eval_js, FrontendNotFoundException\nimport psutil, threading")
        asks = "try:\n    eval_js('1')\nexcept FrontendNotFoundException:\n    print('none')\n"
        outcome = kernel.must(asks * 2 + "eval_js('1', default_='else')")
        assert outcome.stdout == "none\nnone\n"
        server = "[thread for thread in threading.enumerate() if thread.name.startswith('nbsession page')]"
        kernel.must(f"for thread in {server}: thread.join(60)")
        assert kernel.value(f"len({server})") == 0
    finally:
        kernel.close()


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("/no/such/browser", "there is no such program"),
        ("{broken}", "its sandbox is not at home"),
    ],
)
def test_a_browser_that_does_not_start_is_told_of(tmp_path: Path, named: str, said: str) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho its sandbox is not at home >&2\nexit 1\n")
    broken.chmod(0o755)
    kernel = HeadlessKernel(sys.executable, tmp_path, NBSESSION_BROWSER=named.format(broken=broken))
    try:
        outcome = kernel.run("from nbsession import eval_js; eval_js('1')")
    finally:
        kernel.close()
    assert outcome.error == "FrontendNotFoundException"
    assert said in outcome.traceback
    assert kernel.profiles() == []
