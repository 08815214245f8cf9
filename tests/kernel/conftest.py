"""Real kernels: one of each Python named in NBSESSION_TEST_PYTHONS (separated as PATH is)."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .kernel_process import KernelProcess
from .shared_page import SharedPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .fake_page import FakePage

PYTHONS = [python for python in os.environ.get("NBSESSION_TEST_PYTHONS", "").split(os.pathsep) if python]


def _name(python: str) -> str:
    code = "import sys; from importlib.metadata import version; "
    code += "print('%d.%d' % sys.version_info[:2], 'ipykernel', version('ipykernel'))"
    found = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return found.stdout.strip().replace(" ", "-") or python


@pytest.fixture(scope="module", params=PYTHONS or [sys.executable], ids=_name)
def python(request: pytest.FixtureRequest) -> str:
    """A Python that has ipykernel."""
    return str(request.param)


@pytest.fixture
def bare_kernel(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProcess]:
    """A kernel of its own for a test that leaves traces, with nothing imported."""
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    yield process
    process.close()


@pytest.fixture(scope="module")
def shared_kernel(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProcess]:
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"))
    outcome = process.run("from in_kernel import *")
    assert outcome.error is None, outcome.traceback
    yield process
    process.close()


@pytest.fixture
def kernel(shared_kernel: KernelProcess) -> KernelProcess:
    """A kernel with an interceptor open and a page that echoes. Shared by the tests of a module."""
    shared_kernel.messages.clear()
    shared_kernel.on_comm = lambda message: echo(shared_kernel, message)
    shared_kernel.on_message = lambda message: None
    return shared_kernel


@pytest.fixture(scope="module")
def shared_page(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedPage]:
    shared = SharedPage(python, lambda: tmp_path_factory.mktemp("kernel"))
    yield shared
    shared.close()


@pytest.fixture
def settled_kernel(shared_page: SharedPage) -> Iterator[KernelProcess]:
    """A kernel with a page that its first cell has waited for. Shared by those tests of a module that end what they
    begin: afterwards a cell must run, and the same page answer it."""
    yield shared_page.lend()
    shared_page.take_back()


@pytest.fixture
def settled_page(shared_page: SharedPage, settled_kernel: KernelProcess) -> FakePage:
    """The page of `settled_kernel`."""
    return shared_page.page


def echo(process: KernelProcess, message: dict[str, object]) -> None:
    """Be the page: answer each ``{"ask": n}`` with ``{"answer": n}`` and the same buffers."""
    content = message["content"]["data"].get("content", {})  # type: ignore[index]
    if "ask" in content:
        process.comm(message["content"]["comm_id"], {"answer": content["ask"]}, message["buffers"])  # type: ignore[index,arg-type]
