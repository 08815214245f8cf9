"""A server that a script's last line starts in a thread, when the main thread has ended."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.server.visitor import Visitor, get

from .backends import BACKENDS, Server
from .process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", params=BACKENDS)
def outliving(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("static")
    (folder / "a.txt").write_text("content")
    command = (sys.executable, "-u", "-m", "tests.backends.outliving", request.param, str(folder))
    process = ServerProcess(Server(request.param, command))
    yield process
    process.end()


def visit(process: ServerProcess, app: str) -> Visitor:
    visitor = Visitor(process.port, f"&app={app}", protocol=BACKENDS[process.backend].protocols[0])
    visitor.wait_for(lambda: visitor.texts)
    return visitor


def test_its_coroutines_may_use_threads(outliving: ServerProcess) -> None:
    assert visit(outliving, "coroutine").texts == ["from a thread"]


def test_it_serves_files(outliving: ServerProcess) -> None:
    assert get(outliving.port, "/static/a.txt")[1] == b"content"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_it_serves_functions_and_ctrl_c_runs_what_they_deferred(outliving: ServerProcess) -> None:
    assert visit(outliving, "function").texts == ["here"]
    outliving.process.send_signal(signal.SIGINT)
    outliving.wait_for("cleaned up")
