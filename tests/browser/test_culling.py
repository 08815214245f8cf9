from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING
from uuid import uuid4

import nbformat
import pytest

from .jupyter_server import JupyterServer
from .notebook_page import NotebookPage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from .jupyter_server import Frontend

IDLE = 8
"""Seconds after which the server ends a kernel."""

# The kernel of a page that takes longer than that to open would be ended before its first cell.
CONFIGURATION = """
from pathlib import Path
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
class CullsWhenAllowed(AsyncMappingKernelManager):
    async def cull_kernel_if_idle(self, kernel_id):
        if Path({allowed!r}).exists():
            await super().cull_kernel_if_idle(kernel_id)
get_config().ServerApp.kernel_manager_class = CullsWhenAllowed
"""
SHOWN = "from nbsession.output import put_text\nput_text('shown')"


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    """The file with which culling begins."""
    return tmp_path / "allowed"


@pytest.fixture
def culling_server(frontend: Frontend, tmp_path: Path, allowed: Path) -> Iterator[JupyterServer]:
    """A server that ends idle kernels, connected or not; their pages send a heartbeat every second."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jupyter_server_config.py").write_text(CONFIGURATION.format(allowed=str(allowed)))
    python = os.environ.get("NBSESSION_TEST_PYTHON", sys.executable)
    manager = "--MappingKernelManager"
    server = JupyterServer(
        python,
        os.environ.get("NBSESSION_TEST_KERNEL_PYTHON", python),
        frontend,
        tmp_path,
        options=[
            f"{manager}.cull_idle_timeout={IDLE}",
            f"{manager}.cull_interval=1",
            f"{manager}.cull_connected=True",
        ],
        kernel_environment={"NBSESSION_LEASE": "4"},
    )
    try:
        server.wait_until_started()
        yield server
    finally:
        server.stop()


def open_cells(context: BrowserContext, server: JupyterServer, *code: str) -> NotebookPage:
    """Open a new notebook."""
    name = f"{uuid4().hex}.ipynb"
    cells = [nbformat.v4.new_code_cell(each) for each in code]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), server.root / name)
    return NotebookPage(context, server, name)


def test_a_kernel_that_is_used_over_a_direct_socket_alone_is_not_ended(
    browser_context: BrowserContext, culling_server: JupyterServer, allowed: Path
) -> None:
    code = """
import os; os.environ["NBSESSION_TRANSPORT"] = "auto"
from nbsession import *
calls = []
run_js("window.timer = setInterval(() => call(), 500)", call=lambda: calls.append(info.transport))
eval_js("0")
"""
    used = open_cells(browser_context, culling_server, code, "print(set(calls[3:]))")
    used.run(0)
    # A kernel that is idle for less time is ended.
    idle = open_cells(browser_context, culling_server, SHOWN)
    idle.run(0)
    idle.wait_for_text(0, "shown")
    allowed.touch()
    idle.wait_for_text(0, "the kernel was shut down", timeout=60)
    idle.close()
    assert used.run(1) == ["{'websocket'}"]
    used.close()


def test_an_idle_kernel_is_ended_and_its_page_says_so(
    browser_context: BrowserContext, culling_server: JupyterServer, allowed: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    code = f"""
from nbsession import *
from nbsession import session
from nbsession._core.current import current_session
mine = current_session()
def note(): open({str(trace)!r}, "a").write(mine.closed + ".")
session.defer_call(note)
mine.outputs.notice("info", "shown")
"""
    page = open_cells(browser_context, culling_server, code)
    page.run(0)
    page.wait_for_text(0, "shown")
    allowed.touch()
    page.wait_for_text(0, "the kernel was shut down", timeout=60)  # never, if heartbeats kept it alive
    page.close()
    deadline = time.monotonic() + 30  # deferred functions run after the page has shown the reason
    while not (trace.exists() and trace.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert trace.read_text() == "the kernel was shut down."
