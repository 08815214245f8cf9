"""What callbacks of ipywidgets raise appears in a cell: that of the session they are bound to, else the widget's."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import KernelProcess, is_idle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .kernel_process import Message

SETUP = """
import asyncio, ipywidgets
from IPython.display import display
from nbsession import *
from nbsession import session
from nbsession.output import put_text
from nbsession._core.current import current_session, runtime

def errors():
    cells = runtime.platform.cells
    for each in runtime.platform.open_sessions:
        home = (cells.home(each) or {"header": {"msg_id": "toast"}})["header"]["msg_id"]
        nodes = [node.fields for node in each.outputs.children(0) if node.kind == "error"]
        yield from ((home, node["name"], node["message"], node["stack"]) for node in nodes)

def fail(_): raise ValueError("failed")
async def fail_later(_):
    await asyncio.sleep(0)
    raise ValueError("failed")
button, slider = ipywidgets.Button(), ipywidgets.IntSlider()
"""
SHOW = "display(ipywidgets.VBox([button, slider])); print(button.model_id, slider.model_id)"
CLICK = {"method": "custom", "content": {"event": "click"}}
SLIDE = {"method": "update", "state": {"value": 7}, "buffer_paths": []}


@pytest.fixture(scope="module")
def module_kernel(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProcess]:
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    FakePage(process).attach()
    assert process.run(SETUP + "eval_js('1')").error is None
    yield process
    process.close()


@pytest.fixture
def kernel(module_kernel: KernelProcess) -> KernelProcess:
    """A kernel with a page, shared by the tests of this module."""
    module_kernel.messages.clear()
    return module_kernel


def happen(
    kernel: KernelProcess, code: str, data: Message, show: str = SHOW
) -> tuple[str, list[tuple[str, ...]]]:
    """Run a cell that displays a button and a slider and let something happen to one of them.

    Return the id of the cell's message, and all errors that sessions show since.
    """
    cell = kernel.run(SETUP + "before = list(errors())\n" + code + "\n" + show)
    assert cell.error is None, cell.traceback
    button, slider = cell.stdout.split()
    kernel.messages.clear()
    request = kernel.request("comm_msg", {"comm_id": slider if data is SLIDE else button, "data": data})
    kernel.until(lambda message: is_idle(message, request))
    seen = list(kernel.messages)
    listed = kernel.run("await asyncio.sleep(0)\nprint([each for each in errors() if each not in before])")
    kernel.messages[:] = seen
    found: list[tuple[str, ...]] = ast.literal_eval(listed.stdout)
    return cell.request["header"]["msg_id"], found


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("button.on_click(session.bind(fail))", CLICK),
        ("slider.observe(session.bind(fail), 'value')", SLIDE),
        ("button.on_click(session.bind(fail_later))", CLICK),
        ("slider.observe(session.bind(fail_later), 'value')", SLIDE),
    ],
    ids=["on_click", "observe", "on_click of a coroutine", "observe of a coroutine"],
)
def test_what_a_bound_callback_raises_appears_in_its_cell(
    kernel: KernelProcess, code: str, event: Message
) -> None:
    cell, errors = happen(kernel, code, event)
    [(home, name, message, _)] = errors
    assert (home, name, message) == (cell, "ValueError", "failed")


def test_its_traceback_begins_in_the_callback(kernel: KernelProcess) -> None:
    _, [(*_, stack)] = happen(kernel, "button.on_click(session.bind(fail))", CLICK)
    assert stack.count("File ") == 1


def test_it_is_not_shown_by_jupyter_as_well(kernel: KernelProcess) -> None:
    happen(kernel, "button.on_click(session.bind(fail))", CLICK)
    assert not [message for message in kernel.messages if message["msg_type"] == "error"]


def test_that_nothing_belongs_to_a_callback_is_said_where_its_widget_is(kernel: KernelProcess) -> None:
    cell, errors = happen(kernel, "button.on_click(lambda _: put_text('x'))", CLICK)
    [(home, name, message, _)] = errors
    assert (home, name) == (cell, "SessionNotFoundException")
    assert "session.bind" in message


def test_where_the_widget_is_nowhere_it_is_said_in_a_toast(kernel: KernelProcess) -> None:
    show = "print(button.model_id, slider.model_id)"
    _, errors = happen(kernel, "button.on_click(lambda _: put_text('x'))", CLICK, show)
    [(home, name, *_)] = errors
    assert (home, name) == ("toast", "SessionNotFoundException")


def test_other_exceptions_of_unbound_callbacks_are_jupyters(kernel: KernelProcess) -> None:
    _, errors = happen(kernel, "button.on_click(fail)", CLICK)
    assert errors == []
    [shown] = [message for message in kernel.messages if message["msg_type"] == "error"]
    assert shown["content"]["evalue"] == "failed"


def test_a_bound_coroutine_runs_when_a_widget_calls_it(kernel: KernelProcess) -> None:
    code = """
async def answer(_):
    await asyncio.sleep(0)
    done.set_result(await eval_js("42"))
done = asyncio.Future()
button.on_click(session.bind(answer))"""
    happen(kernel, code, CLICK)
    assert kernel.run("print(await asyncio.wait_for(done, 30))").stdout == "42\n"
