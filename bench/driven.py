"""An app on a server of either side, as a process, and its page in the bench's Chromium."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from typing import IO, TYPE_CHECKING, final

from .place import ROOT

if TYPE_CHECKING:
    from .chromium import Browser

START_TIMEOUT = 30.0
_REQUESTS = """
async (count) => {
    const taken = [];
    for (let done = 0; done < count; done++) {
        const began = performance.now();
        await new Promise((done, fail) => {
            const request = new XMLHttpRequest();
            request.open("POST", "?nbsession=exchange");
            request.responseType = "arraybuffer";
            request.onload = done;
            request.onerror = fail;
            request.send();
        });
        taken.push(performance.now() - began);
    }
    return taken.sort((one, other) => one - other)[count >> 1];
}
"""


@final
class Driven:
    """The app of `bench.driven_app`, driven by method and argument. A context manager: left, its server ends.

    Parameters
    ----------
    browser : Browser
        Opens its page.
    side : {'nbsession', 'pywebio'}
        Whose server and session.
    protocol : {'websocket', 'http'}
        What the page speaks.
    backend : str
        The framework whose server it is.
    """

    def __init__(self, browser: Browser, side: str, protocol: str, backend: str = "tornado") -> None:
        self._side = side
        port = _free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.driven_app", side, protocol, str(port), backend],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._wait_for_port(port)
        self._page = browser.new_page()
        self._page.goto(f"http://127.0.0.1:{port}/")
        self._call("first", 1)

    def __enter__(self) -> Driven:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def p50(self, count: int) -> float:
        """Return the median of so many ``eval_js``, in seconds."""
        return self._call("p50", count)

    def burst(self, count: int) -> float:
        """Return the seconds of so many ``run_js`` and an ``eval_js``."""
        return self._call("burst", count)

    def save(self, size: int) -> float:
        """Return the seconds of a download of so many bytes."""
        return self._call("save", size)

    def texts(self, count: int) -> float:
        """Return the seconds until the page has so many outputs."""
        return self._call("texts", count)

    def tables(self, count: int) -> float:
        """Return the seconds of so many updates of a table of 1,000 rows."""
        return self._call("tables", count)

    def longest(self) -> float:
        """Return the seconds of the page's longest task in the last of these; 0 if none had 50 ms."""
        return self._call("longest", 300)

    def request(self, count: int) -> float:
        """Return the median of so many requests of the page that say nothing and are answered with nothing."""
        self._page.bring_to_front()
        milliseconds: float = self._page.evaluate(_REQUESTS, count)
        return milliseconds / 1e3

    def _call(self, name: str, argument: int) -> float:
        self._page.bring_to_front()
        stdin, stdout = self._pipes()
        stdin.write(json.dumps([name, argument]) + "\n")
        stdin.flush()
        answer = stdout.readline()
        while answer and not answer[0].isdigit():  # what PyWebIO itself prints
            answer = stdout.readline()
        figure: float = json.loads(answer)
        return figure

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def _wait_for_port(self, port: int) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except ConnectionRefusedError:
                try:
                    self._process.wait(0.05)
                except subprocess.TimeoutExpired:
                    if time.monotonic() < deadline:
                        continue
                msg = f"the server of {self._side} did not start: is it installed?"
                raise RuntimeError(msg) from None
            else:
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
