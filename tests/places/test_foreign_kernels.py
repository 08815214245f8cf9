"""xeus-python, ipyparallel and marimo: they have no page of nbsession's, and say so at once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from .server_process import jupyter_environment

TIMEOUT = 60.0
# Calls that would wait, or look as if they had done something. Each is to name the place.
CALLS = (
    "eval_js('1')",
    "run_js('1')",
    "put_text('1')",
    "download('1', '1')",
    "info.query",
    "start_server(print)",
    "hold()",
)
ASKS = f"""
from nbsession import *
from nbsession.output import put_text

said = []
for call in {CALLS}:
    try:
        eval(call)
        said.append(call + ' did not fail')
    except FrontendNotFoundException as error:
        said.append(str(error))
said = chr(10).join(said)
"""
PARALLEL = f"""
import ipyparallel

with ipyparallel.Cluster(n=1) as client:
    client[0].execute({ASKS!r}, block=True)
    print(client[0]["said"])
"""
CELL = "\n".join(f"    {line}" for line in (*ASKS.splitlines(), "print(said)", "return"))
MARIMO = f"import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n{CELL}\n".replace(
    "import *", "import FrontendNotFoundException, download, eval_js, hold, info, run_js, start_server"
)


@pytest.fixture(scope="module")
def python(python_of: Callable[[str], str]) -> str:
    """The Python that has them."""
    return python_of("foreign")


class Xeus(KernelSpecManager):
    """Knows xeus-python on the given Python, with its IPython or without."""

    def __init__(self, python: str, *options: str) -> None:
        super().__init__()
        self._command = [python, "-m", "xpython_launcher", "-f", "{connection_file}", *options]

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(argv=self._command, display_name=kernel_name, language="python")


@pytest.fixture(params=[(), ("--raw",)], ids=["xeus-python", "xeus-python-raw"])
def xeus(request: pytest.FixtureRequest, python: str, tmp_path: Path) -> Iterator[KernelManager]:
    """A running kernel."""
    manager = KernelManager(
        kernel_name="xpython",
        kernel_spec_manager=Xeus(python, *request.param),
        connection_file=str(tmp_path / "kernel.json"),
    )
    manager.start_kernel(env=jupyter_environment(tmp_path), cwd=str(tmp_path))
    yield manager
    manager.shutdown_kernel(now=True)


def _run(command: list[str], folder: Path) -> str:
    """Run a program to its end and return what it has written."""
    return subprocess.run(
        command,
        cwd=folder,
        env=jupyter_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT,
        check=True,
    ).stdout


def test_a_kernel_of_xeus_python_names_itself(xeus: KernelManager) -> None:
    client = xeus.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT)
        client.execute_interactive(ASKS, timeout=TIMEOUT)
        shown: list[str] = []
        client.execute_interactive(
            "print(said)",
            timeout=TIMEOUT,
            output_hook=lambda message: shown.append(message["content"].get("text", "")),
        )
    finally:
        client.stop_channels()
    said = "".join(shown)
    assert said.count("in a kernel of xeus-python. Choose a kernel of ipykernel") == len(CALLS), said


def test_an_engine_of_ipyparallel_names_itself(python: str, tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(PARALLEL)
    said = _run([python, "client.py"], tmp_path)
    assert said.count("in an engine of ipyparallel. Call it in the client's notebook") == len(CALLS), said


def test_a_marimo_notebook_names_itself(python: str, tmp_path: Path) -> None:
    (tmp_path / "notebook.py").write_text(MARIMO)
    command = [python, "-m", "marimo", "export", "html", "notebook.py", "-o", "notebook.html"]
    said = _run(command, tmp_path)
    assert said.count("in a marimo notebook. Run this notebook in Jupyter") == len(CALLS), said
