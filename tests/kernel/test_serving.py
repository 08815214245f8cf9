"""A server in a notebook: apps for visitors, from a background thread of the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.server.visitor import Visitor

from .fake_page import FakePage

if TYPE_CHECKING:
    from .kernel_process import KernelProcess

SERVE = """
from nbsession import defer_call, eval_js, hold
from nbsession.output import put_text
from nbsession.platform.tornado import start_server

def plain():
    defer_call(lambda: ended.append("plain"))
    put_text(eval_js("to a function"))
    hold()

async def coroutine():
    put_text(await eval_js("to a coroutine"))

ended = []
server = start_server([plain, coroutine], port=0)
print(server.port)
"""


def test_an_app_in_a_cell_whose_function_returns_a_coroutine_runs_it(bare_kernel: KernelProcess) -> None:
    page = FakePage(bare_kernel)
    page.attach()
    bare_kernel.run(
        "from nbsession import eval_js, start_server\nfrom nbsession.output import put_text\n"
        "async def main(): put_text(str(await eval_js('6 * 7')))\n"
        "handle = start_server(lambda: main())"
    )
    bare_kernel.until(lambda _: any("42" in str(node) for node in page.nodes))
    closed = bare_kernel.run(
        "from queue import Queue\nreasons = Queue()\nhandle.session.on_close(reasons.put)\n"
        "print(reasons.get(timeout=60))"
    )
    assert closed.stdout == "the app has ended\n"


def test_visitors_are_served_while_cells_run(bare_kernel: KernelProcess) -> None:
    outcome = bare_kernel.run(SERVE)
    assert outcome.error is None, outcome.traceback
    port = int(outcome.stdout)
    cell = bare_kernel.execute("import time\nwhile not ended: time.sleep(0.01)\nprint(ended)")
    for app, shown in (("coroutine", "to a coroutine"), ("plain", "to a function")):
        visitor = Visitor(port, f"&app={app}")
        visitor.wait_for(lambda visitor=visitor, shown=shown: visitor.texts == [shown])  # type: ignore[misc]
        visitor.leave()
    assert bare_kernel.finish(cell).stdout == "['plain']\n"
    assert bare_kernel.run("server.close(); print(server)").stdout.endswith("closed>\n")
