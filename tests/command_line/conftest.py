"""Fixtures: a folder of code, and the command line in this process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

import pytest
from click.testing import CliRunner

from nbsession._cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result


class Invoke(Protocol):
    """Run ``python -m nbsession`` with these arguments, in this process."""

    def __call__(self, *arguments: str) -> Result: ...


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current directory; what is imported from it is forgotten after the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [str(tmp_path), *sys.path])
    # It is for the whole process, which has other tests.
    monkeypatch.setattr("nbsession._server.run.process.give_way", lambda: None)
    yield tmp_path
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def invoke() -> Invoke:
    return lambda *arguments: CliRunner().invoke(main, arguments)
