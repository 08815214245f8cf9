"""What a page asks when it starts, while a cell runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from .kernel_process import is_idle, is_stream

if TYPE_CHECKING:
    from .fake_page import FakePage
    from .kernel_process import KernelProcess, Message, Outcome

SETUP = """
import asyncio, threading
from nbsession import *
import ipywidgets
slider = ipywidgets.IntSlider(7)
"""


@pytest.fixture
def page(settled_kernel: KernelProcess, settled_page: FakePage) -> FakePage:
    """A page that the kernel's cells have used."""
    settled_kernel.run(SETUP)
    settled_page.silent.add("never")
    return settled_page


def begin(kernel: KernelProcess, code: str) -> Message:
    """Run a cell that says "waiting" and then waits."""
    request = kernel.execute("print('waiting', flush=True)\n" + code)
    kernel.until(lambda message: is_stream(message, "waiting"))
    return request


def stop(kernel: KernelProcess, cell: Message) -> Outcome:
    """Interrupt a cell that waits; return what came of it."""
    kernel.interrupt()
    outcome = kernel.finish(cell)
    assert outcome.error == "KeyboardInterrupt"
    return outcome


def ask(kernel: KernelProcess, kind: str, content: dict[str, Any], **header: Any) -> Message:
    """Ask, wait until the answer is complete and return the reply."""
    request = kernel.request(kind, content, **header)
    kernel.until(lambda message: is_idle(message, request))
    return kernel.reply(request)


def ask_states(kernel: KernelProcess) -> dict[str, Any]:
    """Ask for the state of all widgets, as JupyterLab does."""
    opened = kernel.client.session.msg(
        "comm_open",
        {"comm_id": "control", "target_name": "jupyter.widget.control", "data": {}},
        metadata={"version": "1.0.0"},
    )
    kernel.client.shell_channel.send(opened)
    kernel.request("comm_msg", {"comm_id": "control", "data": {"method": "request_states"}})
    answer = kernel.until(
        lambda message: message["msg_type"] == "comm_msg" and message["content"]["comm_id"] == "control"
    )
    states: dict[str, Any] = answer["content"]["data"]["states"]
    return states


@pytest.mark.parametrize(
    "code",
    [
        "eval_js('never')",
        "await eval_js('never')",
        "async def main(): eval_js('never', wait_=True)\nawait main()",
    ],
)
def test_a_page_that_starts_is_answered_while_a_cell_waits(
    settled_kernel: KernelProcess, page: FakePage, code: str
) -> None:
    cell = begin(settled_kernel, code)
    settled_kernel.until(lambda _: "never" in page.ran)
    assert ask(settled_kernel, "kernel_info_request", {})["content"]["implementation"] == "ipython"
    said = settled_kernel.until(lambda message: message["msg_type"] == "status")
    assert said["content"]["execution_state"] == "busy", "for the cell still runs"
    assert said["parent_header"]["msg_type"] == "execute_request"
    comms = ask(settled_kernel, "comm_info_request", {"target_name": "jupyter.widget"})["content"]["comms"]
    states = ask_states(settled_kernel)
    assert set(comms) == set(states)
    assert 7 in [each["state"].get("value") for each in states.values()]
    stop(settled_kernel, cell)


def test_a_widget_that_is_asked_for_its_state_answers_the_question(
    settled_kernel: KernelProcess, page: FakePage
) -> None:
    """JupyterLab asks each one where the answer for all is late, and takes no update that answers something else."""
    slider = settled_kernel.run("print(slider.model_id)").stdout.strip()
    cell = begin(settled_kernel, "try: eval_js('never')\nfinally: print('the cell ends')")
    settled_kernel.until(lambda _: "never" in page.ran)
    asked = settled_kernel.request("comm_msg", {"comm_id": slider, "data": {"method": "request_state"}})
    answer = settled_kernel.until(
        lambda message: message["msg_type"] == "comm_msg" and message["content"]["comm_id"] == slider
    )
    assert answer["parent_header"]["msg_id"] == asked["header"]["msg_id"]
    assert "the cell ends" in stop(settled_kernel, cell).stdout


def test_the_cell_goes_on_as_if_nothing_had_been_asked(settled_kernel: KernelProcess, page: FakePage) -> None:
    """Its prints are its own, and nothing shows the figures that it has not finished, as post_execute would."""
    settled_kernel.run("events = []\nget_ipython().events.register('post_execute', lambda: events.append(1))")
    request = begin(settled_kernel, "events.clear()\ntry: eval_js('never')\nfinally: print('events', events)")
    settled_kernel.until(lambda _: "never" in page.ran)
    ask(settled_kernel, "kernel_info_request", {})
    ask_states(settled_kernel)
    outcome = stop(settled_kernel, request)
    assert "events []" in outcome.stdout


def test_a_request_signed_with_another_key_is_not_answered(
    settled_kernel: KernelProcess, page: FakePage
) -> None:
    cell = begin(settled_kernel, "eval_js('never')")
    settled_kernel.until(lambda _: "never" in page.ran)
    session = settled_kernel.client.session
    key, session.key = session.key, b"another"
    forged = settled_kernel.request("kernel_info_request", {})
    session.key = key
    ask(settled_kernel, "kernel_info_request", {})
    assert not any(is_idle(message, forged) for message in settled_kernel.messages)
    stop(settled_kernel, cell)


def test_a_page_that_reloads_while_a_cell_waits_goes_on(
    settled_kernel: KernelProcess, page: FakePage
) -> None:
    """What was begun fails; what the cell asks next runs in the new context."""
    code = "try: eval_js('never')\nexcept PageLostError: print(eval_js('5'))"
    request = begin(settled_kernel, code)
    settled_kernel.until(lambda _: "never" in page.ran)
    page.tell({"context": page.context, "goodbye": True})
    ask(settled_kernel, "kernel_info_request", {})
    assert ask_states(settled_kernel)
    page.reload()
    assert "5\n" in settled_kernel.finish(request).stdout
    assert page.ran.count("never") == 1


def test_a_notebook_that_is_opened_again_while_a_cell_waits_goes_on_in_its_new_page(
    settled_kernel: KernelProcess, page: FakePage
) -> None:
    settled_kernel.run(
        "from nbsession._core.current import runtime\nruntime.platform.page_registry.return_within = 3600"
    )
    code = "try: eval_js('never')\nexcept PageLostError: print(eval_js('5'))"
    request = begin(settled_kernel, code)
    settled_kernel.until(lambda _: "never" in page.ran)
    page.tell({"context": page.context, "goodbye": True, "begun": page.begun})
    page.open_again()
    assert "5\n" in settled_kernel.finish(request).stdout
    assert page.ran.count("never") == 1


def test_a_cell_that_computes_is_answered_for_when_it_waits(
    settled_kernel: KernelProcess, page: FakePage
) -> None:
    request = begin(
        settled_kernel, "import time; time.sleep(1.5); began = time.time(); eval_js('never', timeout_=100)"
    )
    sent = time.monotonic()
    ask(settled_kernel, "kernel_info_request", {})
    assert time.monotonic() - sent < 90
    settled_kernel.until(lambda _: "never" in page.ran)
    stop(settled_kernel, request)
    assert settled_kernel.run("print(eval_js('3'))").stdout == "3\n"


def test_a_cell_that_only_computes_is_answered_for_at_its_end(
    settled_kernel: KernelProcess, page: FakePage
) -> None:
    request = begin(settled_kernel, "import time; time.sleep(1)")
    asked = settled_kernel.request("kernel_info_request", {})
    settled_kernel.until(lambda message: is_idle(message, asked))
    kinds = [message["parent_header"].get("msg_id") for message in settled_kernel.messages]
    assert request["header"]["msg_id"] in kinds
    assert settled_kernel.reply(asked)["content"]["status"] == "ok"
