"""Where the bench plays: one JupyterLab, one Chromium, a notebook for each side."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, final

from tests.browser.jupyter_server import FRONTENDS, JupyterServer
from tests.browser.notebook_page import NotebookPage

from .chromium import Browser
from .client import Clients
from .driven import Driven
from .place import ROOT

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

CELL_TIMEOUT = 120.0
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "id": "bench",
            "metadata": {},
            "source": "",
            "outputs": [],
            "execution_count": None,
        }
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


class Notebook:
    """A notebook with one cell, which is given new code again and again."""

    def __init__(self, page: NotebookPage) -> None:
        self.page = page

    def start(self, source: str) -> None:
        """Run code in the cell and do not wait for it."""
        self.page.page.bring_to_front()
        self.page.set_source(0, source)
        self.page.run(0, wait=False)

    def run(self, source: str, timeout: float = CELL_TIMEOUT) -> str:
        """Run code in the cell and return its output as text."""
        self.start(source)
        return self.finish(timeout)

    def finish(self, timeout: float = CELL_TIMEOUT) -> str:
        """Wait for the cell's end and return its output as text."""
        self.page.wait_idle(timeout)
        return self.page.text(0)

    def value(self, module: str, expression: str, timeout: float = CELL_TIMEOUT) -> Any:
        """Return the JSON value of an expression that uses a module of `bench.kernel`, evaluated in the cell."""
        source = f"import json\nfrom bench.kernel import {module}\nprint(json.dumps({expression}))"
        return loaded(self.run(source, timeout))

    def restart(self) -> None:
        """Give the notebook a fresh kernel."""
        self.page.restart()


@final
class Stage:
    """The server, the browser, and the notebooks that were asked for. A context manager."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._notebooks: dict[str, Notebook] = {}
        self._driven: dict[tuple[str, str, str], Driven] = {}

    def __enter__(self) -> Stage:
        with ExitStack() as stack:
            self.home = Path(stack.enter_context(_temporary_folder()))
            # Kernels import the bench, and nbsession from the same tree.
            paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
            os.environ["PYTHONPATH"] = os.pathsep.join(paths)
            jupyter = self.home / "jupyter"
            jupyter.mkdir()
            self._server = JupyterServer(sys.executable, sys.executable, FRONTENDS["lab"], jupyter)
            stack.callback(self._server.stop)
            self._server.wait_until_started()
            self.browser = Browser(self.home)
            stack.callback(self.browser.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def pywebio(self, protocol: str = "websocket") -> Driven:
        """Return an app on the original's server, its page opened at first use."""
        return self._driven_by("pywebio", protocol)

    def served(self, protocol: str = "websocket", backend: str = "tornado") -> Driven:
        """Return the same app on a server of ours."""
        return self._driven_by("nbsession", protocol, backend)

    def talked_to(self, protocol: str, backend: str) -> Driven:
        """Return the same, its page a program."""
        key = "no browser", protocol, backend
        if key not in self._driven:
            driven = Driven(cast("Any", Clients(protocol)), "nbsession", protocol, backend)
            self._driven[key] = self._stack.enter_context(driven)
        return self._driven[key]

    def _driven_by(self, side: str, protocol: str, backend: str = "tornado") -> Driven:
        key = side, protocol, backend
        if key not in self._driven:
            self._driven[key] = self._stack.enter_context(Driven(self.browser, *key))
        return self._driven[key]

    def notebook(self, side: str) -> Notebook:
        """Return a side's notebook, opened at first use: no side has another's kernel or page."""
        if side not in self._notebooks:
            path = f"{side}.ipynb"
            (self._server.root / path).write_text(json.dumps(NOTEBOOK), encoding="utf-8")
            self._notebooks[side] = Notebook(NotebookPage(cast("Any", self.browser), self._server, path))
        return self._notebooks[side]


def loaded(output: str) -> Any:
    """Return the JSON that a cell printed last; above it the view of a download may stand."""
    try:
        return json.loads(output.rpartition("\n")[2])
    except ValueError:
        msg = f"a cell failed:\n{output}"
        raise RuntimeError(msg) from None


def _temporary_folder() -> AbstractContextManager[str]:
    # The browser and the server's children may still write while the folder goes.
    return tempfile.TemporaryDirectory(prefix="nbsession-bench-", ignore_cleanup_errors=True)
