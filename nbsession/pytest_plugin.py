"""What the pytest plugin does when it is used; pytest_nbsession.py is its front door."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import psutil  # ipykernel has it
import pytest

from nbsession._jupyter.notes import NOTES
from nbsession._own_page.browser import OwnBrowser
from nbsession.exceptions import FrontendNotFoundException

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
        chosen = os.environ.get("NBSESSION_DOWNLOADS")
        # In full: kernels run in the folders of their notebooks.
        downloads = Path(chosen).expanduser().absolute() if chosen else _folder(config, "nbsession-downloads")
        if hasattr(config, "workerinput"):  # pytest-xdist's; the folder is that of the whole run
            downloads /= config.workerinput["workerid"]
        _set(config, {"NBSESSION_BROWSER": named, "NBSESSION_DOWNLOADS": str(downloads)})
        if config.getoption("dist", "no") in {"load", "worksteal"}:
            config.option.dist = (
                "loadscope"  # pytest-xdist would share out the cells of one notebook, not notebooks
            )
        until = "" if chosen or _has_cache(config) else " until this run ends"
        self._header = (
            f"nbsession: notebooks have a page in {program}; what they download is in {downloads}{until}"
        )

    def pytest_report_header(self) -> str:
        return self._header


class KernelNotes:
    """What kernels have to say at their end is said at the end of the run.

    nbval kills its kernels, so that they note it as they go.

    Parameters
    ----------
    config : pytest.Config
        Of this run.
    """

    def __init__(self, config: pytest.Config) -> None:
        # A worker of pytest-xdist notes it where the run that has started it looks.
        self._folder = Path(os.environ.get(NOTES) or _folder(config, "nbsession-notes"))
        _set(config, {NOTES: str(self._folder)})

    @pytest.hookimpl(tryfirst=True)  # before the kernel of the cell's notebook is started
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if item.path.suffix == ".ipynb":
            notes = self._folder / quote(item.nodeid.partition("::")[0], safe="")
            notes.mkdir(exist_ok=True)
            os.environ[NOTES] = str(notes)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        said = [
            f"{unquote(note.parent.name)}: {line}"
            for note in sorted(self._folder.glob("*/*.txt"))
            for line in note.read_text(encoding="utf-8").splitlines()
        ]
        if said:
            terminalreporter.section("nbsession")
            for line in said:
                terminalreporter.line(line)


def _folder(config: pytest.Config, name: str) -> Path:
    """Return an empty folder: one in pytest's cache, where it is found later and does no harm if the run is killed.

    Other runs that go on beside this one have theirs there.
    """
    if not _has_cache(config):
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        return folder
    runs = config.cache.mkdir(name)
    for run in runs.iterdir():
        if run.name == str(os.getpid()) or not (run.name.isdecimal() and psutil.pid_exists(int(run.name))):
            shutil.rmtree(run, ignore_errors=True)
    folder = runs / str(os.getpid())
    folder.mkdir(exist_ok=True)
    return folder


def _has_cache(config: pytest.Config) -> bool:
    return config.pluginmanager.hasplugin("cacheprovider")


def _set(config: pytest.Config, variables: Mapping[str, str]) -> None:
    """Set environment variables until the run ends."""
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    for name, value in variables.items():
        patch.setenv(name, value)
