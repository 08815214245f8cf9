"""What the pytest plugin does when it is used; pytest_nbsession.py is its front door."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nbsession.exceptions import FrontendNotFoundException
from nbsession.platform.browser import OwnBrowser

if TYPE_CHECKING:
    from collections.abc import Mapping


class HeadlessNotebooks:
    """``--nbsession``: kernels find in their environment that they are to have a page in a headless Chromium.

    Parameters
    ----------
    config : pytest.Config
        Of this run.

    Raises
    ------
    pytest.UsageError
        If there is no Chromium.
    """

    def __init__(self, config: pytest.Config) -> None:
        named = os.environ.get("NBSESSION_BROWSER", "").strip()
        named = "headless" if named in {"", "open"} else named
        try:
            program = OwnBrowser(None if named == "headless" else named).program
        except FrontendNotFoundException as error:
            msg = f"--nbsession: {error}"
            raise pytest.UsageError(msg) from None
        downloads = os.environ.get("NBSESSION_DOWNLOADS") or str(_folder(config, "nbsession-downloads"))
        _set(config, {"NBSESSION_BROWSER": named, "NBSESSION_DOWNLOADS": downloads})
        self._header = f"nbsession: notebooks have a page in {program}; what they download is in {downloads}"

    def pytest_report_header(self) -> str:
        return self._header


class Undelivered:
    """Notebooks that nbval runs without a page: what went nowhere is said at the end.

    nbval kills its kernels, so that they note it as they go.

    Parameters
    ----------
    config : pytest.Config
        Of this run.
    """

    def __init__(self, config: pytest.Config) -> None:
        from nbsession.platform.jupyter.absence import UNDELIVERED  # noqa: PLC0415 -- imports ipykernel

        self._folder = Path(os.environ.get(UNDELIVERED) or _folder(config, "nbsession-undelivered"))
        _set(config, {UNDELIVERED: str(self._folder)})

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        said = sorted(note.read_text(encoding="utf-8") for note in self._folder.iterdir())
        if said:
            terminalreporter.section("nbsession")
            for line in said:
                terminalreporter.line(line)


def _folder(config: pytest.Config, name: str) -> Path:
    """Return an empty folder: one in pytest's cache, where it does no harm if the run is killed."""
    if config.pluginmanager.hasplugin("cacheprovider"):
        folder = config.cache.mkdir(name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        return folder
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    return folder


def _set(config: pytest.Config, variables: Mapping[str, str]) -> None:
    """Set environment variables until the run ends."""
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    for name, value in variables.items():
        patch.setenv(name, value)
