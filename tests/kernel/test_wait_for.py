"""Widgets in a real kernel while a cell waits: for one of them, or for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .fake_page import FakePage
from .kernel_process import KernelProcess, is_idle, is_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .kernel_process import Message, Outcome

SETUP = """
import asyncio, comm, ipywidgets, threading, time
from nbsession import *
slider, button, text = ipywidgets.IntSlider(), ipywidgets.Button(), ipywidgets.Text()
channel = comm.create_comm(target_name="test", comm_id="a" * 32)
seen = []
slider.observe(lambda change: seen.append(change.new), "value")

def observed(function):
    "Call a function at each change of the slider, after the change was noted."
    slider.unobserve_all()
    slider.observe(lambda change: (seen.append(change.new), function(change.new)), "value")

eval_js("1")
print(slider.model_id, button.model_id, text.model_id)
"""
CLICK = {"method": "custom", "content": {"event": "click"}}


class SilentPage(FakePage):
    """Remembers the evals that it does not answer."""

    def __init__(self, process: KernelProcess) -> None:
        super().__init__(process)
        self.asked: list[tuple[int, int]] = []

    def answer(self, channel: int, number: int, code: str, args: dict[str, Any]) -> None:
        if code == "held":
            self.asked.append((number, channel))
        else:
            super().answer(channel, number, code, args)


class Widgets:
    """The front end's side of the widgets."""

    def __init__(self, kernel: KernelProcess, page: SilentPage) -> None:
        self.kernel = kernel
        self.page = page
        kernel.messages.clear()
        page.ran.clear()
        page.silent = {"never"}
        outcome = kernel.run(SETUP)
        assert outcome.error is None, outcome.traceback
        self.slider, self.button, self.text = outcome.stdout.split()

    def slide(self, value: int) -> Message:
        return self.update(self.slider, value=value)

    def click(self) -> Message:
        return self.kernel.request("comm_msg", {"comm_id": self.button, "data": CLICK})

    def update(self, comm_id: str, **state: Any) -> Message:
        data = {"method": "update", "state": state, "buffer_paths": []}
        return self.kernel.request("comm_msg", {"comm_id": comm_id, "data": data})

    def begin(self, code: str) -> Message:
        """Run a cell, and return when it has printed "begun"."""
        request = self.kernel.execute(f"print('begun', flush=True)\n{code}")
        self.kernel.until(lambda message: is_stream(message, "begun"))
        return request

    def end(self, request: Message) -> Outcome:
        outcome = self.kernel.finish(request)
        outcome.messages[:] = self.kernel.messages
        return outcome

    def let_go(self) -> None:
        """Answer the calls that wait for the page."""
        for number, channel in self.page.asked:
            self.page.say(channel, ["value", number, None])
        self.page.asked.clear()
        self.page.flush()


@pytest.fixture(scope="module")
def module_kernel(
    python: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[KernelProcess, SilentPage]]:
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    page = SilentPage(process)
    page.attach()
    yield process, page
    process.close()


@pytest.fixture
def widgets(module_kernel: tuple[KernelProcess, SilentPage]) -> Widgets:
    """Widgets of their own for each test, in a kernel of the module."""
    return Widgets(*module_kernel)


@pytest.mark.parametrize(
    "code",
    [
        "result = wait_for(slider)",
        "result = await wait_for(slider)",
        "await asyncio.sleep(0)\ndef blocks(): return wait_for(slider)\nresult = blocks()",
        "async def later(): return await wait_for(slider)\nresult = await asyncio.create_task(later())",
    ],
    ids=["blocking", "awaiting", "blocking in an async cell", "in a task"],
)
def test_a_cell_waits_for_a_slider(widgets: Widgets, code: str) -> None:
    request = widgets.begin(code + "\nprint('result', result)")
    widgets.slide(5)
    assert "result 5\n" in widgets.end(request).stdout


@pytest.mark.parametrize("call", ["wait_for(slider)", "await wait_for(slider)"])
def test_it_may_be_the_first_call_in_a_kernel(bare_kernel: KernelProcess, call: str) -> None:
    bare_kernel.attended = True
    code = "import ipywidgets\nfrom nbsession import wait_for\nslider = ipywidgets.IntSlider()\n"
    code += f"print(slider.model_id, flush=True)\nprint('value', {call})"
    request = bare_kernel.execute(code)
    printed = bare_kernel.until(lambda message: message["msg_type"] == "stream")
    state = {"method": "update", "state": {"value": 5}, "buffer_paths": []}
    slider = printed["content"]["text"].strip()
    bare_kernel.request("comm_msg", {"comm_id": slider, "data": state})
    assert "value 5\n" in bare_kernel.finish(request).stdout


def test_a_thread_waits_while_the_cell_waits_for_the_page(widgets: Widgets) -> None:
    code = """
thread = threading.Thread(target=lambda: (print("thread", wait_for(slider)), run_js("told")))
register_thread(thread); thread.start()
eval_js("held"); thread.join()
"""
    request = widgets.begin(code)
    widgets.kernel.until(lambda _: "held" in widgets.page.ran)
    widgets.slide(5)
    widgets.kernel.until(lambda _: "told" in widgets.page.ran)
    widgets.let_go()
    assert "thread 5\n" in widgets.end(request).stdout


def test_a_cell_waits_for_a_click(widgets: Widgets) -> None:
    request = widgets.begin("wait_for(button)\nprint('value', slider.value)")
    widgets.slide(5)
    widgets.click()
    assert "value 5\n" in widgets.end(request).stdout


@pytest.mark.parametrize("wait", ["eval_js('held')", "await eval_js('held')"])
def test_widgets_work_while_a_cell_waits_for_the_page(widgets: Widgets, wait: str) -> None:
    request = widgets.begin(f"observed(lambda value: run_js(f'seen {{value}}'))\n{wait}\nprint(seen)")
    widgets.kernel.until(lambda _: "held" in widgets.page.ran)
    for value in (5, 6, 7):
        widgets.slide(value)
    widgets.kernel.until(lambda _: "seen 7" in widgets.page.ran)
    widgets.let_go()
    assert "[5, 6, 7]\n" in widgets.end(request).stdout


def test_the_cells_behind_it_wait(widgets: Widgets) -> None:
    """They come after the messages that arrive later, which they could not undo."""
    first = widgets.begin("wait_for(button); print('first', seen)")
    second = widgets.kernel.execute("print('second', seen)")
    widgets.slide(5)
    widgets.click()
    assert "first [5]\n" in widgets.end(first).stdout
    assert "second [5]\n" in widgets.end(second).stdout


def test_what_came_while_the_cell_computed_is_handled_first(widgets: Widgets) -> None:
    request = widgets.begin("time.sleep(0.3); wait_for(button); print(seen)")
    for value in (5, 6, 7):
        widgets.slide(value)
    widgets.click()
    assert "[5, 6, 7]\n" in widgets.end(request).stdout


@pytest.mark.parametrize("wait", ["wait_for(button)", "await wait_for(button)"])
def test_what_came_together_with_the_cell_is_handled_once_and_in_order(widgets: Widgets, wait: str) -> None:
    """The kernel may have queued some of it when the cell begins."""
    for _ in range(20):
        request = widgets.kernel.execute(
            f"seen.clear(); slider.value = 0\n{wait}\nprint([each for each in seen if each])"
        )
        for value in (5, 6, 7):
            widgets.slide(value)
        last = widgets.click()
        outcome = widgets.end(request)
        assert "[5, 6, 7]\n" in outcome.stdout
        assert sum(is_idle(message, last) for message in outcome.messages) == 1
        widgets.kernel.messages.clear()


def test_what_comes_after_the_wait_is_handled_after_the_cell_and_before_the_next(widgets: Widgets) -> None:
    request = widgets.begin(
        "wait_for(slider)\nprint('waited', flush=True)\ntime.sleep(0.3)\nprint('first', seen)"
    )
    widgets.slide(5)
    widgets.kernel.until(lambda message: is_stream(message, "waited"))
    widgets.slide(6)
    second = widgets.kernel.execute("print('second', seen)")
    assert "first [5]\n" in widgets.end(request).stdout
    assert "second [5, 6]\n" in widgets.end(second).stdout


def test_a_message_has_its_statuses_at_once_and_the_cell_is_busy_after_them(widgets: Widgets) -> None:
    """ipywidgets sends the next value of a slider after the idle of the last one."""
    request = widgets.begin("wait_for(button)")
    moved = widgets.slide(5)
    widgets.kernel.until(lambda message: is_idle(message, moved))
    after = widgets.kernel.until(lambda message: message["msg_type"] == "status")
    assert after["content"]["execution_state"] == "busy"
    assert after["parent_header"]["msg_id"] == request["header"]["msg_id"]
    widgets.click()
    messages = widgets.end(request).messages
    assert [
        message["content"]["execution_state"]
        for message in messages
        if message["msg_type"] == "status"
        and message["parent_header"].get("msg_id") == moved["header"]["msg_id"]
    ] == ["busy", "idle"]


def test_what_a_callback_prints_belongs_to_the_cell_that_waits(widgets: Widgets) -> None:
    request = widgets.begin("observed(lambda value: print('moved', value))\nwait_for(button)")
    widgets.slide(5)
    widgets.click()
    assert "moved 5\n" in widgets.end(request).stdout


def test_an_exception_of_a_callback_is_shown_in_the_cell_that_waits(widgets: Widgets) -> None:
    request = widgets.begin("observed(lambda value: 1 / 0)\nwait_for(button)\nprint('went on')")
    widgets.slide(5)
    widgets.click()
    outcome = widgets.end(request)
    [error] = [message for message in outcome.messages if message["msg_type"] == "error"]
    assert error["content"]["ename"] == "ZeroDivisionError"
    assert error["parent_header"]["msg_id"] == request["header"]["msg_id"]
    assert "went on" in outcome.stdout


def test_callbacks_that_wait_for_the_page_run_one_after_another(widgets: Widgets) -> None:
    code = """
log = []
observed(lambda value: (log.append(value), log.append(eval_js("x", x=value) * 10)))
wait_for(button)
print(log)
"""
    widgets.page.evaluate = lambda _, args: args["x"]
    request = widgets.begin(code)
    for value in (5, 6, 7):
        widgets.slide(value)
    widgets.click()
    assert "[5, 50, 6, 60, 7, 70]\n" in widgets.end(request).stdout


def test_a_callback_waits_for_another_widget(widgets: Widgets) -> None:
    request = widgets.begin("observed(lambda value: print('text', wait_for(text)))\nwait_for(button)")
    widgets.slide(5)
    widgets.update(widgets.text, value="hello")
    widgets.click()
    assert "text hello\n" in widgets.end(request).stdout


def test_a_callback_waits_for_another_widget_when_no_cell_runs(widgets: Widgets) -> None:
    widgets.kernel.run("observed(lambda value: run_js(f'text {wait_for(text)}'))")
    widgets.slide(5)
    widgets.update(widgets.text, value="hello")
    widgets.kernel.until(lambda _: "text hello" in widgets.page.ran)


def test_a_callback_that_waits_for_the_page_when_no_cell_runs_is_not_overtaken(widgets: Widgets) -> None:
    widgets.page.evaluate = lambda _, args: args["x"]
    widgets.kernel.run(
        "log = []\nobserved(lambda value: (log.append(value), log.append(eval_js('x', x=value) * 10)))"
    )
    for value in (5, 6):
        last = widgets.slide(value)
    widgets.kernel.until(lambda message: is_idle(message, last))
    assert widgets.kernel.run("print(log)").stdout == "[5, 50, 6, 60]\n"


def test_a_callback_answers_its_message_and_the_cell_its_own_request(widgets: Widgets) -> None:
    code = """
kind = lambda: get_ipython().kernel.get_parent()["header"]["msg_type"]
observed(lambda value: print("callback", kind()))
wait_for(button)
print("cell", kind())
"""
    request = widgets.begin(code)
    widgets.slide(5)
    widgets.click()
    assert "callback comm_msg\ncell execute_request\n" in widgets.end(request).stdout


def test_stop_ends_a_wait_for_a_widget(widgets: Widgets) -> None:
    request = widgets.begin("wait_for(slider)")
    widgets.kernel.interrupt()
    assert widgets.end(request).error == "KeyboardInterrupt"


def test_stop_ends_an_awaited_wait_for_a_widget(widgets: Widgets) -> None:
    request = widgets.begin("await wait_for(slider)")
    widgets.kernel.interrupt()
    assert widgets.end(request).error == "KeyboardInterrupt"


def test_stop_in_a_callback_ends_the_cell_and_loses_no_message(widgets: Widgets) -> None:
    code = """
def work(value):
    if value == 5:
        print("works", flush=True)
        while True: pass
observed(work)
wait_for(button)
"""
    request = widgets.begin(code)
    moved = widgets.slide(5)
    widgets.slide(6)
    widgets.kernel.until(lambda message: is_stream(message, "works"))
    widgets.kernel.interrupt()
    outcome = widgets.end(request)
    assert outcome.error == "KeyboardInterrupt"
    assert any(is_idle(message, moved) for message in outcome.messages)
    code = "print(seen, get_ipython().kernel.get_parent()['header']['msg_type'])"
    assert widgets.kernel.run(code).stdout == "[5, 6] execute_request\n"


def test_stop_in_a_callback_that_waits_for_the_page_ends_the_cell(widgets: Widgets) -> None:
    request = widgets.begin("observed(lambda value: eval_js('never'))\nwait_for(button)")
    widgets.slide(5)
    widgets.kernel.until(lambda _: "never" in widgets.page.ran)
    widgets.kernel.interrupt()
    assert widgets.end(request).error == "KeyboardInterrupt"


def test_many_interrupts_lose_no_message(widgets: Widgets) -> None:
    """Stop may come at any point, also between a message's arrival and its callback."""
    total = 60
    for number in range(1, total + 1):
        request = widgets.begin("wait_for(button)")
        widgets.slide(number)
        widgets.kernel.interrupt()
        assert widgets.end(request).error == "KeyboardInterrupt"
    widgets.kernel.run("pass")
    assert widgets.kernel.run("print(slider.value, sorted(set(seen)) == seen)").stdout == f"{total} True\n"


def test_a_message_that_is_signed_with_another_key_is_not_handled(widgets: Widgets) -> None:
    request = widgets.begin("wait_for(button); print(seen)")
    session = widgets.kernel.client.session
    key, session.key = session.key, b"another"
    widgets.slide(5)
    session.key = key
    widgets.click()
    assert "[]\n" in widgets.end(request).stdout


def test_a_comm_is_opened_and_closed_by_the_page_while_a_cell_waits(widgets: Widgets) -> None:
    code = """
def opened(opened, message):
    print("opened")
    opened.on_close(lambda message: print("closed"))
comm.get_comm_manager().register_target("pages", opened)
wait_for(button)
"""
    request = widgets.begin(code)
    widgets.kernel.request("comm_open", {"comm_id": "b" * 32, "target_name": "pages", "data": {}})
    widgets.kernel.request("comm_close", {"comm_id": "b" * 32, "data": {}})
    widgets.click()
    assert "opened\nclosed\n" in widgets.end(request).stdout


def test_other_code_changes_the_widget(widgets: Widgets) -> None:
    code = (
        "threading.Timer(0.1, lambda: setattr(slider, 'value', 9)).start()\nprint('value', wait_for(slider))"
    )
    assert "value 9\n" in widgets.end(widgets.begin(code)).stdout
