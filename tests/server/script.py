"""A script in a process of its own, as ``python app.py`` runs it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from queue import Empty, Queue
from typing import Any, NamedTuple

from .visitor import TIMEOUT, Visitor, get

# The system call read() and its first argument, on x86-64 and on ARM.
READS_INPUT = (["0", "0x0"], ["63", "0x0"])

# What is left of the environment: nothing that would open a browser.
_KEPT = {"PATH", "HOME", "SYSTEMROOT", "TEMP", "PYTHONPATH", "LANG"}


class Entry(NamedTuple):
    """What opens a page of one's own: its port, the cookie as headers, the secret."""

    port: int
    headers: dict[str, str]
    secret: str

    def visit(self, **options: Any) -> Visitor:
        """Say hello as the page that was opened."""
        return Visitor(self.port, headers=self.headers, secret=self.secret, **options)


def enter(url: str) -> Entry:
    """Give the token of an address for a cookie, as a browser does."""
    [(port, token, secret)] = re.findall(r":(\d+)/\?token=([\w-]+)#nbsession=([\w-]+)", url)
    response, _ = get(int(port), f"/?token={token}")
    cookie = (response.getheader("Set-Cookie") or "").partition(";")[0]
    return Entry(int(port), {"Cookie": cookie}, secret)


class Script:
    """The running script.

    Attributes
    ----------
    url : str
        The address of its page, with the token and the secret.
    lines : list of str
        What `wait_for_line` has read of its output.
    """

    def __init__(self, source: str, folder: Path, *arguments: str) -> None:
        file = folder / "app.py"
        file.write_text(textwrap.dedent(source), encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if name in _KEPT}
        # A script that is killed leaves the file that was to lead a browser to its page.
        environment["TMPDIR"] = str(folder)
        self.process = subprocess.Popen(
            [sys.executable, "-u", *arguments, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            # A test run that was started in the background ignores Ctrl-C, and so would what it starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- no thread holds a lock here
        )
        self.lines: list[str] = []
        self._queue: Queue[str | None] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    @property
    def url(self) -> str:
        """Wait until the script has said where its page is."""
        line = self.wait_for_line("nbsession opens ")
        found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", line)
        assert found is not None
        return found[0]

    def wait_for_line(self, text: str, timeout: float = TIMEOUT) -> str:
        """Return the next line that has the text in it."""
        while True:
            try:
                line = self._queue.get(timeout=timeout)
            except Empty:
                line = None
            if line is None:
                msg = f"no line with {text!r} in {self.lines}"
                raise TimeoutError(msg)
            self.lines.append(line)
            if text in line:
                return line

    def visit(self, url: str | None = None, **options: Any) -> Visitor:
        """Open the page."""
        return enter(url or self.url).visit(**options)

    def wait_until_it_reads(self) -> None:
        """Wait until the main thread is in the system call that reads standard input. Only Linux tells.

        Python loses a signal that comes between its last look and that call, in any script: ``input()`` goes on.
        """
        state = Path(f"/proc/{self.process.pid}/syscall")
        deadline = time.monotonic() + TIMEOUT
        while state.exists() and state.read_text().split()[:2] not in READS_INPUT:
            if time.monotonic() > deadline:
                msg = f"the script does not read its input: {state.read_text()}"
                raise TimeoutError(msg)
            time.sleep(0.01)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def wait(self) -> list[str]:
        """Wait for the end and return all lines."""
        self.process.wait(TIMEOUT)
        while (line := self._queue.get(timeout=TIMEOUT)) is not None:
            self.lines.append(line)
        return self.lines

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(TIMEOUT)  # else what it reads is closed under it
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
