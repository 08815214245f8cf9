"""A server of a test's own: started, awaited, ended."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

START_TIMEOUT = 120.0
STOP_TIMEOUT = 20.0


class ServerProcess:
    """A program that listens on a port of 127.0.0.1. Call `stop` at the end, also after a failed start.

    Parameters
    ----------
    command
        Its command line.
    port
        Where it listens.
    home
        A folder for all that it writes.
    variables
        More of its environment.
    """

    def __init__(
        self, command: Sequence[str], port: int, home: Path, variables: Mapping[str, str] | None = None
    ) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = home / "server.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=home,
                env={**jupyter_environment(home), **(variables or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_it_answers(self, path: str) -> None:
        """Block until a GET of ``path`` succeeds.

        Raises
        ------
        RuntimeError
            When the server ended, or did not answer so within 120 s. The message carries its log.
        """
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers(path):
            if self._has_ended(within=0.05) or time.monotonic() > deadline:
                msg = f"the server did not start:\n{self.log.read_text()}"
                raise RuntimeError(msg)

    def stop(self) -> None:
        """End it, and wait for it."""
        self._process.terminate()
        if not self._has_ended(within=STOP_TIMEOUT):
            self._process.kill()
            self._process.wait()

    def _answers(self, path: str) -> bool:
        try:
            urllib.request.urlopen(self.url + path, timeout=120).close()
        except urllib.error.HTTPError as error:
            error.close()  # a proxy whose server is still starting
            return False
        except OSError:
            return False
        return True

    def _has_ended(self, *, within: float) -> bool:
        try:
            self._process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            return False
        return True


def jupyter_environment(home: Path) -> dict[str, str]:
    """Return an environment in which Jupyter's programs read and write under ``home`` only.

    The test run's own search path for Python is no part of it: nbsession is the one that is installed.
    """
    foreign = ("JUPYTER", "IPYTHON", "NBSESSION_", "PYTEST_", "PYTHONPATH", "VOILA_", "BINDER_")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    return {
        **inherited,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
