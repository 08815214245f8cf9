"""The implementation of the pytest plugin; pytest_nbsession.py is its entry point."""

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
from nbsession.input._answers import VARIABLE as INPUTS

if TYPE_CHECKING:
    from collections.abc import Mapping


class HeadlessNotebooks:
    """``--nbsession``: sets the environment variables that give kernels a page in a headless Chromium.

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
        # An absolute path: kernels run in the folders of their notebooks.
        downloads = Path(chosen).expanduser().absolute() if chosen else _folder(config, "nbsession-downloads")
        if hasattr(config, "workerinput"):  # a worker of pytest-xdist; the folder belongs to the whole run
            downloads /= config.workerinput["workerid"]
        _set(config, {"NBSESSION_BROWSER": named, "NBSESSION_DOWNLOADS": str(downloads)})
        if config.getoption("dist", "no") in {"load", "worksteal"}:
            config.option.dist = "loadscope"  # otherwise pytest-xdist distributes the cells of one notebook
        until = "" if chosen or _has_cache(config) else " until this run ends"
        self._header = (
            f"nbsession: notebooks have a page in {program}; their downloads are in {downloads}{until}"
        )

    def pytest_report_header(self) -> str:
        return self._header


class KernelNotes:
    """Shows the final reports of kernels at the end of the run.

    nbval kills its kernels, so they record their reports as they run.

    Parameters
    ----------
    config : pytest.Config
        Of this run.
    """

    def __init__(self, config: pytest.Config) -> None:
        # A worker of pytest-xdist writes where the run that started it reads.
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


class NotebookAnswers:
    """Answers the forms of ``NAME.ipynb`` with ``NAME.inputs.json`` beside it, unless the environment names a file.

    Parameters
    ----------
    config : pytest.Config
        Of this run.
    """

    def __init__(self, config: pytest.Config) -> None:
        chosen = os.environ.get(INPUTS, "").strip()
        self._chosen = bool(chosen)
        # Until the run ends. An absolute path: kernels run in the folders of their notebooks.
        _set(config, {INPUTS: str(Path(chosen).expanduser().absolute()) if chosen else ""})

    @pytest.hookimpl(tryfirst=True)  # before the kernel of the cell's notebook is started
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if not self._chosen:
            beside = item.path.with_suffix(".inputs.json")
            answers = item.path.suffix == ".ipynb" and beside.is_file()
            os.environ[INPUTS] = str(beside) if answers else ""


def _folder(config: pytest.Config, name: str) -> Path:
    """Return an empty folder in pytest's cache. It can be found later, and does no harm if the run is killed.

    Concurrent runs have their own folders there.
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
