"""The messages that carry renditions, of a real kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .kernel_process import KernelProcess, Outcome

SETUP = (
    "import threading, time\nfrom nbsession.output import *\nfrom nbsession.session import register_thread"
)
BAR = """
put_processbar("bar")
for n in range(1, 1001):
    set_processbar("bar", n / 1000)
"""
LATER = """
put_text("first")
go = threading.Event()
def later():
    go.wait()
    put_text("second")
thread = threading.Thread(target=later)
register_thread(thread)
thread.start()
"""


@pytest.fixture
def running(bare_kernel: KernelProcess) -> KernelProcess:
    outcome = bare_kernel.run(SETUP)
    assert outcome.error is None, outcome.traceback
    return bare_kernel


def updates(outcome: Outcome) -> list[dict[str, Any]]:
    return [message for message in outcome.messages if message["msg_type"] == "update_display_data"]


def html(message: dict[str, Any]) -> str:
    return str(message["content"]["data"]["text/html"])


def test_a_thousand_updates_in_a_cell_make_one_rendition(running: KernelProcess) -> None:
    outcome = running.run(BAR)
    [update] = updates(outcome)
    assert "100%" in html(update)
    assert update["parent_header"]["msg_id"] == outcome.request["header"]["msg_id"]


def test_a_cell_without_a_view_publishes_nothing(running: KernelProcess) -> None:
    running.run(BAR)
    assert updates(running.run("1")) == []


def test_an_update_of_an_earlier_cell_belongs_to_the_running_one(running: KernelProcess) -> None:
    """Programs that run notebooks receive nothing else."""
    running.run(LATER)
    outcome = running.run("go.set(); thread.join()")
    [update] = updates(outcome)
    assert "second" in html(update)
    assert update["parent_header"]["msg_id"] == outcome.request["header"]["msg_id"]


@pytest.mark.parametrize("restart", [False, True], ids=["shutdown", "restart"])
def test_the_end_of_the_kernel_publishes_what_is_new(running: KernelProcess, *, restart: bool) -> None:
    running.attended = True  # its other cells' ends publish nothing, and it has not been quiet yet
    running.run(LATER, "cell")
    running.run("go.set(); thread.join()", "other")
    running.client.control_channel.send(running.client.session.msg("shutdown_request", {"restart": restart}))
    running.until(
        lambda message: message["msg_type"] == "update_display_data" and "second" in html(message), 20
    )


def test_one_that_cannot_be_made_leaves_the_last_one(running: KernelProcess) -> None:
    running.run("import nbsession._rendition\ndef broken(*_, **__): raise RuntimeError\n")
    running.run("render, nbsession._rendition.render = nbsession._rendition.render, broken")
    assert updates(running.run("put_text('one')")) == []
    running.run("nbsession._rendition.render = render")
    [update] = updates(running.run("put_text('two')"))
    assert "two" in html(update)
