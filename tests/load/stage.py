"""A counting server and its many pages, as processes."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

ROOT = Path(__file__).parents[2]


class Process:
    """A module that answers lines with lines, each of JSON."""

    def __init__(self, module: str, *arguments: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.{module}", *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hear(self) -> Any:
        """Wait for a line."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process has ended"
        return json.loads(line)

    def tell(self, name: str, argument: object = None) -> None:
        """Say a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, argument]) + "\n")
        self._process.stdin.flush()

    def ask(self, name: str, argument: object = None) -> Any:
        """Say a line, and wait for its answer."""
        self.tell(name, argument)
        return self.hear()

    def kill(self) -> None:
        """End it without a word."""
        self._process.kill()
        self._process.communicate()


class Stage:
    """A server, and pages that come and go. A context manager: left, all ends."""

    def __init__(self, backend: str = "tornado") -> None:
        self._backend = backend
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.server = self._started("load.server", self._backend)
        self.port: int = self.server.hear()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def pages(self, count: int, app: str, protocol: str = "websocket") -> Process:
        """Open pages of an app; returns when each has a session."""
        pages = self._started("load.pages", self.port, count, app, protocol)
        assert pages.hear() == [count, 0]
        return pages

    def hostile(self, protocol: str) -> Process:
        """Return who does hostile acts when it is told to."""
        return self._started("load.hostile", self.port, protocol)

    def _started(self, module: str, *arguments: object) -> Process:
        process = Process(module, *arguments)
        self._stack.callback(process.kill)
        return process
