"""A server in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from queue import Empty, Queue
from typing import TYPE_CHECKING

from tests.server.visitor import TIMEOUT

if TYPE_CHECKING:
    from .backends import Server

# Seconds that a server may take to begin: all imports, on a busy machine.
_BEGIN = 60.0


class ServerProcess:
    """A running server.

    Attributes
    ----------
    backend : str
        See `Server`.
    url : str
        Where it listens, with a slash at the end.
    port : int
        The port of that.
    """

    def __init__(self, server: Server) -> None:
        self.backend = server.backend
        self._lines: Queue[str | None] = Queue()
        self._seen: list[str] = []
        self.process = subprocess.Popen(
            server.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            # A test run that was started in the background ignores Ctrl-C, and so would what it starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- no thread holds a lock here
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.url = self._wait_for(r"http://127\.0\.0\.1:\d+", _BEGIN) + "/"
        except TimeoutError:
            self.end()
            raise
        self.port = int(self.url.rpartition(":")[2][:-1])

    def wait_for(self, text: str) -> None:
        """Wait until it prints a line with this text."""
        self._wait_for(re.escape(text), TIMEOUT)

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(TIMEOUT)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join(TIMEOUT)
            assert self.process.stdout is not None
            self.process.stdout.close()

    def _wait_for(self, pattern: str, timeout: float) -> str:
        while True:
            try:
                line = self._lines.get(timeout=timeout)
            except Empty:
                line = None
            if line is None:
                msg = f"no line with {pattern!r} in {self._seen}"
                raise TimeoutError(msg)
            self._seen.append(line)
            found = re.search(pattern, line)
            if found is not None:
                return found[0]

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)
