"""Remote kernels: the Jupyter server has them run by a gateway, in another process and environment."""

from __future__ import annotations

import getpass
import os
import re
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.jupyter_server import FRONTENDS, JupyterServer
from tests.browser.notebook_page import AWAY_FOR_LONG, NotebookPage
from tests.browser.test_notebooks import compared, errors
from tests.ports import free_port
from tools.environments import ENVIRONMENTS, find_python

from . import info_table
from .conftest import ROOT, new_context
from .server_process import ServerProcess

# JupyterLab asks for a protocol that a server with a gateway does not speak, Chromium ends the connection, JupyterLab
# opens another one by the same name. Enterprise Gateway, whose Jupyter Server is 1.24, may mix up two that come so soon
# after one another: then neither gets through within a minute.
ONE_CONNECTION = "window.WebSocket = class extends WebSocket { constructor(url) { super(url); } }"


@dataclass(frozen=True)
class Gateway:
    """A program that runs kernels, and how the tests run it."""

    name: str
    environment: str
    """Of tools/environments.py; its kernels are of the same."""
    module: str
    application: str
    options: tuple[str, ...]
    init_script: str = ""
    """What runs in each page before all else."""

    def python(self, python_of: Callable[[str], str]) -> str:
        """Return the Python that runs it; where the version that it needs is not installed, skip the test."""
        version = ENVIRONMENTS[self.environment].python
        if find_python(version) is None:
            pytest.skip(f"{self.name} needs Python {version}, and there is none here")
        return python_of(self.environment)


GATEWAYS = (
    Gateway(
        "Kernel Gateway",
        "gateway",
        "kernel_gateway",
        "KernelGatewayApp",
        ("--JupyterWebsocketPersonality.list_kernels=True",),
    ),
    # By itself it runs no kernels for root, which many a test is run as.
    Gateway(
        "Enterprise Gateway",
        "enterprise-gateway",
        "enterprise_gateway",
        "EnterpriseGatewayApp",
        ("--EnterpriseGatewayApp.list_kernels=True", "--EnterpriseGatewayApp.unauthorized_users=nobody"),
        ONE_CONNECTION,
    ),
)


@pytest.fixture(scope="module", params=GATEWAYS, ids=lambda gateway: gateway.environment)
def kind(request: pytest.FixtureRequest) -> Gateway:
    gateway: Gateway = request.param
    return gateway


@pytest.fixture(scope="module")
def gateway(
    kind: Gateway, python_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    port = free_port()
    command = [
        kind.python(python_of),
        "-m",
        kind.module,
        f"--{kind.application}.ip=127.0.0.1",
        f"--{kind.application}.port={port}",
        *kind.options,
    ]
    process = ServerProcess(command, port, tmp_path_factory.mktemp("gateway"))
    try:
        process.wait_until_it_answers("/api")
        yield process
    finally:
        process.stop()


@pytest.fixture(scope="module")
def lab(gateway: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """A JupyterLab whose server has no kernels of its own."""
    python = os.environ.get("NBSESSION_TEST_PYTHON", sys.executable)
    home = tmp_path_factory.mktemp("jupyter")
    options = [f"--GatewayClient.url={gateway.url}"]
    server = JupyterServer(python, "no kernel runs here", FRONTENDS["lab"], home, options=options)
    try:
        server.wait_until_started()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def reader(kind: Gateway, browser: Browser) -> Iterator[BrowserContext]:
    context = new_context(browser)
    if kind.init_script:
        context.add_init_script(kind.init_script)
    yield context
    context.close()


def _open(
    lab: JupyterServer, reader: BrowserContext, notebook: nbformat.NotebookNode
) -> Iterator[NotebookPage]:
    path = f"remote_{uuid.uuid4().hex[:6]}.ipynb"
    nbformat.write(notebook, lab.root / path)
    page = NotebookPage(reader, lab, path)
    yield page
    page.close()
    lab.shut_down_kernel(path)


@pytest.fixture(scope="module")
def notebook(lab: JupyterServer, reader: BrowserContext) -> Iterator[NotebookPage]:
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [
        nbformat.v4.new_code_cell(
            "from nbsession import *\nfrom nbsession.output import put_button, put_text"
        )
    ]
    empty = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})
    for page in _open(lab, reader, empty):
        page.run(0)
        yield page


@pytest.fixture(scope="module")
def saved() -> nbformat.NotebookNode:
    """The quickstart, as it is in the repository."""
    notebook: nbformat.NotebookNode = nbformat.read(ROOT / "notebooks" / "quickstart.ipynb", as_version=4)
    return notebook


@pytest.fixture(scope="module")
def code(saved: nbformat.NotebookNode) -> list[int]:
    return [index for index, cell in enumerate(saved.cells) if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def quickstart(
    lab: JupyterServer, reader: BrowserContext, saved: nbformat.NotebookNode
) -> Iterator[NotebookPage]:
    """The quickstart, run from top to bottom."""
    fresh = nbformat.from_dict(saved)
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    for page in _open(lab, reader, fresh):
        with page.page.expect_console_message(lambda message: message.text == "hello from a thread"):
            page.run_all()
        yield page


def test_the_kernel_is_the_gateways(
    notebook: NotebookPage, kind: Gateway, python_of: Callable[[str], str]
) -> None:
    prefix = str(Path(python_of(kind.environment)).parents[1])
    assert notebook.execute("import sys; print(sys.prefix)") == [prefix]


def test_no_line_of_the_quickstart_fails(quickstart: NotebookPage, code: list[int]) -> None:
    assert errors(quickstart, code) == []
    assert quickstart.page.locator(".nbsession-error").count() == 1, "the one that it is about"


def test_the_quickstart_gives_what_was_saved(
    quickstart: NotebookPage, saved: nbformat.NotebookNode, code: list[int]
) -> None:
    for index in code:
        if "nbval-ignore-output" not in saved.cells[index].metadata.get("tags", []):
            assert compared(quickstart.output_models(index)) == compared(saved.cells[index].outputs)


def test_the_picture_that_the_browser_paints_comes_as_bytes(
    quickstart: NotebookPage, code: list[int]
) -> None:
    outputs = [output for index in code for output in quickstart.output_models(index)]
    assert any("image/png" in output.get("data", {}) for output in outputs)


def test_the_quickstarts_file_is_saved(quickstart: NotebookPage) -> None:
    [download] = quickstart.wait_for_downloads(1)
    lines = Path(download.path()).read_text(encoding="utf-8").splitlines()
    assert lines == ["n,square", *(f"{n},{n * n}" for n in range(1000))]


def test_callbacks_of_widgets_get_values(quickstart: NotebookPage) -> None:
    quickstart.page.get_by_role("button", name="What time is it?").click()
    quickstart.page.locator(".widget-label", has_text=re.compile(r"\d:\d\d:\d\d")).wait_for()


def test_bytes_of_any_size_go_there_and_come_back(notebook: NotebookPage) -> None:
    code = """
there = [bytes(range(256)) * 20_000, b"", b"\\xff"]
print(eval_js("there", there=there) == there)
print(eval_js("new Uint8Array(3_000_000).map((_, index) => index)") == bytes(i % 256 for i in range(3_000_000)))
"""
    assert notebook.execute(code) == ["True\nTrue"]


def test_downloads_come_byte_for_byte(notebook: NotebookPage) -> None:
    notebook.execute("download('remote.bin', bytes(range(256)) * 20_000)")
    [download] = notebook.wait_for_downloads(1)
    assert download.suggested_filename == "remote.bin"
    assert Path(download.path()).read_bytes() == bytes(range(256)) * 20_000


def test_commands_keep_their_order(notebook: NotebookPage) -> None:
    code = """
run_js("window.seen = []")
for number in range(5000): run_js("seen.push(number)", number=number)
print(eval_js("seen.every((number, index) => number === index) && seen.length"))
"""
    assert notebook.execute(code) == ["5000"]


def test_local_is_kept_from_cell_to_cell(notebook: NotebookPage) -> None:
    notebook.execute("local.kept = ['far', 'away']")
    assert notebook.execute("print(local.kept)") == ["['far', 'away']"]


APP = """
def app():
    put_text("an app")
    put_button("Add", lambda: put_text(f"the app got {eval_js('20 + n', n=22)}"))
start_server(app)
"""


def test_an_app_works_and_returns_with_a_reloaded_page(notebook: NotebookPage) -> None:
    index = notebook.append(AWAY_FOR_LONG + APP)
    notebook.run(index)
    notebook.save()
    notebook.output_area(index).get_by_role("button", name="Add").click()
    notebook.wait_for_text(index, "the app got 42")
    notebook.reload()
    notebook.output_area(index).get_by_role("button", name="Add").click()
    said = notebook.output_area(index).get_by_text("the app got 42")
    said.nth(1).wait_for()
    assert said.count() == 2


def test_stop_interrupts_a_wait(notebook: NotebookPage) -> None:
    index = notebook.append("print('waits', flush=True)\neval_js('new Promise(() => {})')")
    notebook.run(index, wait=False)
    notebook.wait_for_text(index, "waits")
    notebook.interrupt()
    notebook.wait_for_text(index, "KeyboardInterrupt")
    notebook.wait_idle()


def test_info(notebook: NotebookPage, kind: Gateway) -> None:
    [described] = notebook.execute(info_table.CODE + "print(described())")
    info_table.check(kind.name, described, user=getpass.getuser())
