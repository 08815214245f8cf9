"""Fixtures: those of the browser tests, and a server whose JupyterLab leaks less of its own."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import frontend, open_notebook, pytest_configure, pytest_runtest_makereport
from tests.browser.jupyter_server import Frontend, JupyterServer

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["frontend", "open_notebook", "pytest_configure", "pytest_runtest_makereport"]

# JupyterLab 4.6 keeps the toolbar of a cell that is no longer the active one: 1,600 listeners and 500 nodes each time,
# which would hide whatever a view leaves behind.
CELL_TOOLBAR = "@jupyterlab/cell-toolbar-extension:plugin"


@pytest.fixture(scope="session")
def jupyter_server(frontend: Frontend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """The running Jupyter server."""
    python = os.environ.get("NBSESSION_TEST_PYTHON", sys.executable)
    home = tmp_path_factory.mktemp("jupyter")
    server = JupyterServer(python, python, frontend, home, disabled=[CELL_TOOLBAR])
    try:
        server.wait_until_started()
        yield server
    finally:
        server.stop()
