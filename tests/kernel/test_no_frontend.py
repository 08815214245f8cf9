"""A kernel that nothing with a browser is attached to, as nbconvert, papermill and nbval run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import KernelProcess, is_stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .kernel_process import Outcome

SETUP = """
import time
from nbsession import *
from nbsession.output import put_text

def timed(function):
    began = time.monotonic()
    try:
        return function()
    finally:
        print(time.monotonic() - began)

def refused():
    try:
        eval_js("1")
    except FrontendNotFoundException:
        return
    raise AssertionError
"""


@pytest.fixture(scope="module")
def alone(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProcess]:
    """A kernel without a page, in which an eval has failed already."""
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    process.run(SETUP)
    process.run("eval_js('1', default_=None)")
    yield process
    process.close()


def views(outcome: Outcome) -> list[str]:
    """Return the texts of what a cell displayed."""
    return [
        message["content"]["data"]["text/plain"]
        for message in outcome.messages
        if message["msg_type"] == "display_data"
        and message["parent_header"]["msg_id"] == outcome.request["header"]["msg_id"]
    ]


def test_a_default_stands_in_for_the_value(alone: KernelProcess) -> None:
    assert alone.run("print(eval_js('1', default_='none'))").stdout == "none\n"


def test_none_is_a_default(alone: KernelProcess) -> None:
    assert alone.run("print(eval_js('1', default_=None))").stdout == "None\n"


def test_a_default_is_awaited(alone: KernelProcess) -> None:
    assert alone.run("print(await eval_js('1', default_='none'))").stdout == "none\n"


def test_the_error_names_both_ways_out(alone: KernelProcess) -> None:
    outcome = alone.run("eval_js('1')")
    assert outcome.error == "FrontendNotFoundException"
    assert "NBSESSION_BROWSER=headless" in outcome.traceback
    assert "default_=" in outcome.traceback


def test_after_the_first_call_nothing_is_waited_for_again(alone: KernelProcess) -> None:
    outcome = alone.run("timed(lambda: [refused() for _ in range(10)])")
    assert outcome.error is None
    assert float(outcome.stdout) < 15  # the first one waits for 1.5 s


def test_a_download_that_is_waited_for_raises(alone: KernelProcess) -> None:
    assert alone.run("download('a.txt', 'a').wait()").error == "FrontendNotFoundException"


def test_a_download_that_is_read_from_a_file_raises(alone: KernelProcess) -> None:
    code = "import io; download('a.txt', io.BytesIO(b'a'))"
    assert alone.run(code).error == "FrontendNotFoundException"


def test_a_download_that_nobody_waits_for_fails_no_cell(alone: KernelProcess) -> None:
    assert alone.run("download('a.txt', 'a')").error is None


def test_what_only_the_page_knows_raises(alone: KernelProcess) -> None:
    assert alone.run("info.user_agent").error == "FrontendNotFoundException"


def test_commands_beyond_any_backlog_fail_no_cell(alone: KernelProcess) -> None:
    outcome = alone.run("megabyte = bytes(2**20)\nfor _ in range(80): run_js('x', x=megabyte)")
    assert outcome.error is None, outcome.traceback


def test_each_cell_shows_its_own_outputs(alone: KernelProcess) -> None:
    shown = [views(alone.run("put_text('a'); put_text('b')")) for _ in range(2)]
    assert shown == [["nbsession view"], ["nbsession view"]]


def test_the_first_call_fails_soon_also_in_a_coroutine(bare_kernel: KernelProcess) -> None:
    bare_kernel.run(SETUP)
    outcome = bare_kernel.run(
        "began = time.monotonic()\ntry: await eval_js('1')\nfinally: print(time.monotonic() - began)"
    )
    assert outcome.error == "FrontendNotFoundException"
    assert float(outcome.stdout) < 10  # so long it would wait where a front end may come


@pytest.mark.any_front_end
def test_calls_after_the_first_fail_at_once_in_a_front_end_without_widgets(
    bare_kernel: KernelProcess,
) -> None:
    bare_kernel.attended = True
    bare_kernel.run("from nbsession import eval_js\nfrom nbsession._jupyter.pages import attach_policy")
    assert bare_kernel.run("attach_policy._WITHIN = 0.5; eval_js('1')").error == "FrontendNotFoundException"
    outcome = bare_kernel.run("attach_policy._WITHIN = 1000; eval_js('1')")
    assert outcome.error == "FrontendNotFoundException"


def test_a_page_that_comes_late_is_taken(bare_kernel: KernelProcess) -> None:
    bare_kernel.run(SETUP)
    page = FakePage(bare_kernel)
    bare_kernel.on_message = page.note_bridge
    assert bare_kernel.run("eval_js('1')").error == "FrontendNotFoundException"
    bare_kernel.on_comm = page.on_comm
    page.hello()
    bare_kernel.until(lambda _: page.welcomed)
    assert bare_kernel.run("print(eval_js('1 + 1'))").stdout == "2\n"


def test_what_was_never_delivered_is_said_once_at_the_end(
    python: str, tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]
) -> None:
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    try:
        process.run(SETUP + "run_js('1'); run_js('2'); put_text('3'); download('4.txt', '4')")
    finally:
        process.client.stop_channels()
        process.manager.shutdown_kernel()
    said = capfd.readouterr().err
    assert said.count("no browser received this notebook's 2 run_js, 1 output, 1 download;") == 1


@pytest.mark.any_front_end
def test_where_all_was_delivered_nothing_is_said(
    python: str, tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]
) -> None:
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    try:
        FakePage(process).attach()
        assert process.run(SETUP + "run_js('1'); print(eval_js('2'))").stdout == "2\n"
    finally:
        process.client.stop_channels()
        process.manager.shutdown_kernel()
    assert "no browser received" not in capfd.readouterr().err


# -- a front end that shows no widget of ours ----------------------------------------------------

SOON = (
    "from nbsession._jupyter import jupyter_platform\n"
    "jupyter_platform._DISPLAY_AFTER = jupyter_platform._SAY_AFTER = 0.1\n"
)


@pytest.fixture
def without_widgets(bare_kernel: KernelProcess) -> KernelProcess:
    """A kernel in a front end that answers ``input()`` and makes no model; it is told of that after 0.1 s."""
    bare_kernel.attended = True
    bare_kernel.run(SETUP + SOON)
    return bare_kernel


@pytest.mark.any_front_end
def test_a_view_says_what_helps_where_it_is_shown_as_html(without_widgets: KernelProcess) -> None:
    outcome = without_widgets.run("put_text('a')")
    data, *_ = [m["content"]["data"] for m in outcome.messages if m["msg_type"] == "display_data"]
    assert "pip install anywidget" in data["text/html"]


@pytest.mark.any_front_end
def test_run_js_says_what_helps_in_its_cell(without_widgets: KernelProcess) -> None:
    request = without_widgets.execute("run_js('1')")
    notice = without_widgets.until(lambda m: m["msg_type"] == "display_data")
    assert notice["parent_header"]["msg_id"] == request["header"]["msg_id"]
    assert "pip install anywidget" in notice["content"]["data"]["text/html"]


@pytest.mark.any_front_end
def test_a_console_is_told_on_stderr(without_widgets: KernelProcess) -> None:
    request = without_widgets.execute("run_js('1')")
    notice = without_widgets.until(lambda m: is_stream(m, "pip install anywidget"))
    assert notice["parent_header"]["msg_id"] == request["header"]["msg_id"]
    assert notice["content"]["name"] == "stderr"


@pytest.mark.any_front_end
def test_the_notice_is_taken_back_when_a_page_says_hello(without_widgets: KernelProcess) -> None:
    page = FakePage(without_widgets)
    without_widgets.on_message = page.note_bridge
    without_widgets.execute("run_js('1')")
    without_widgets.until(lambda m: m["msg_type"] == "display_data")
    page.hello()
    without_widgets.until(
        lambda m: m["msg_type"] == "comm_msg" and m["content"]["data"].get("state") == {"value": ""}
    )


def test_a_form_raises_as_an_eval_does(alone: KernelProcess) -> None:
    outcome = alone.run("from nbsession.input import input as ask\nask('Your age', value='1')")
    assert outcome.error == "FrontendNotFoundException"


def test_a_file_answers_a_form(alone: KernelProcess, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text('{"Your age": "36"}')
    code = f"import os\nos.environ['NBSESSION_INPUTS'] = {str(path)!r}\nprint(ask('Your age'))"
    outcome = alone.run(
        f"from nbsession.input import input as ask\n{code}\ndel os.environ['NBSESSION_INPUTS']"
    )
    assert outcome.stdout == "36\n"
