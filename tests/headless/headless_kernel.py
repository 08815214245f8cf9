"""A kernel with a headless page, and the processes and files that belong to it."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, cast

import psutil

from tests.kernel.kernel_process import TIMEOUT, KernelProcess

if TYPE_CHECKING:
    from jupyter_client.provisioning.local_provisioner import LocalProvisioner

    from tests.kernel.kernel_process import Outcome


class HeadlessKernel(KernelProcess):
    """See `KernelProcess`.

    Attributes
    ----------
    directory : Path
        Its current one.
    temporary : Path
        Where it puts temporary files.
    """

    def __init__(self, python: str, directory: Path, **environment: str) -> None:
        self.directory = directory
        # Not in the directory: for a browser's sockets that would be too long a path.
        self.temporary = Path(mkdtemp(prefix="nb-"))
        self._log = (directory / "stderr.txt").open("wb")
        super().__init__(
            python,
            directory,
            {"NBSESSION_BROWSER": "headless", "TMPDIR": str(self.temporary), **environment},
            stderr=self._log,
        )

    def close(self) -> None:
        started = self.processes()
        super().close()
        all_end(started)
        shutil.rmtree(self.temporary, ignore_errors=True)
        self._log.close()

    def restart(self) -> None:
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=TIMEOUT)

    def must(self, code: str, cell_id: str | None = None) -> Outcome:
        """Run a cell that does not fail."""
        outcome = self.run(code, cell_id)
        assert outcome.error is None, outcome.traceback
        return outcome

    def value(self, code: str) -> Any:
        """Return the value of a cell's last line."""
        outcome = self.must(code)
        shown = [m["content"]["data"] for m in outcome.messages if m["msg_type"] == "execute_result"]
        return ast.literal_eval(shown[-1]["text/plain"]) if shown else None

    @property
    def said(self) -> list[str]:
        """What it has written to stderr beside ipykernel's own remarks."""
        lines = (self.directory / "stderr.txt").read_text().splitlines()
        return [line for line in lines if line and "[IPKernelApp]" not in line]

    @property
    def pid(self) -> int | None:
        """The kernel's process."""
        provisioner = cast("LocalProvisioner | None", self.manager.provisioner)
        return None if provisioner is None else provisioner.pid

    def processes(self) -> list[psutil.Process]:
        """Return the processes that it has started: the browser's, and the shell that cleans up."""
        pid = self.pid
        return psutil.Process(pid).children(recursive=True) if pid and psutil.pid_exists(pid) else []

    def profiles(self) -> list[Path]:
        """Return the folders of its browsers."""
        return list(self.temporary.glob("nbsession-*"))


def browser(processes: list[psutil.Process]) -> psutil.Process:
    """Return the browser's main process."""
    return next(process for process in processes if kind(process) == "browser")


def kind(process: psutil.Process) -> str | None:
    """Return what a process of Chromium's is for, ``browser`` for the main one; None if it is none of them."""
    try:
        name, command = process.name(), process.cmdline()
    except psutil.Error:  # it has ended meanwhile
        return None
    types = [argument.partition("=")[2] for argument in command if argument.startswith("--type=")]
    if types:
        found: str | None = types[0]
        return found
    return "browser" if "--headless" in command and name != "sh" else None


def all_end(processes: list[psutil.Process]) -> bool:
    """Wait until all have ended, and say whether they did."""
    _, alive = psutil.wait_procs(processes, TIMEOUT)
    return not alive
