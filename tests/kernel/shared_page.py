"""A kernel with a page, which tests share that leave both as they found them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .fake_page import FakePage
from .kernel_process import KernelProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BACK = "eval_js('2 + 3')"
# Seconds in which a kernel that does nothing runs a cell, on a busy machine.
_SOON = 30.0


class SharedPage:
    """Lends a page whose kernel has run a cell with it already.

    A test that does not leave them as they were fails, and the next one gets others.

    Attributes
    ----------
    page
        The page of the kernel that was lent last.
    """

    def __init__(self, python: str, make_directory: Callable[[], Path]) -> None:
        self._python = python
        self._make_directory = make_directory
        self._process: KernelProcess | None = None

    def lend(self) -> KernelProcess:
        """Return the kernel; its page listens and has run nothing that it remembers."""
        if self._process is None:
            self._process = KernelProcess(self._python, self._make_directory())
            self.page = FakePage(self._process)
            self.page.attach()
            outcome = self._process.run("from nbsession import *\n" + BACK)
            assert outcome.error is None, outcome.traceback
        self.page.attach()
        self.page.forget()
        self._process.messages.clear()
        return self._process

    def take_back(self) -> None:
        """Check that a cell of the kernel is answered by the page."""
        assert self._process is not None
        self.page.attach()
        self.page.forget()
        try:
            outcome = self._process.finish(self._process.execute(f"assert {BACK} == 5"), _SOON)
            assert outcome.error is None, outcome.traceback
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the kernel, if there is one."""
        if self._process is not None:
            self._process.close()
            self._process = None
