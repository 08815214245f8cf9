"""IPython's startup files, which run before the kernel listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import KernelProcess

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def started(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProcess]:
    """A kernel with a startup file that imports nbsession."""
    home = tmp_path_factory.mktemp("kernel")
    startup = home / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "session.py").write_text("from nbsession import *\n")
    process = KernelProcess(python, home)
    yield process
    process.close()


def test_a_startup_file_may_import_the_session(started: KernelProcess) -> None:
    page = FakePage(started)
    page.attach()
    outcome = started.run("print(eval_js('1 + 1'))")
    assert outcome.stdout == "2\n", outcome.traceback
