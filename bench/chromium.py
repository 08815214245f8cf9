"""A Chromium that nobody listens in on.

Playwright has every WebSocket frame copied to itself (its ``Network`` domain cannot be switched off): a 64 MB download
would be measured together with its copy as base64. So here is the little of playwright's interface that `NotebookPage`
uses, over a DevTools socket which asks for nothing of the network.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

import websocket

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-allow-origins=*",
    "--remote-debugging-port=0",
    "--window-size=1280,900",
    "--lang=en-US",
    # A page that is not in front must not be slower than the one that is.
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_TIMEOUT = 30.0
WAIT = """
(arg) => new Promise((resolve) => {
  const condition = CONDITION;
  const look = () => {
    let met = false;
    try { met = condition(arg); } catch { /* what it asks about is not there yet */ }
    met ? resolve() : setTimeout(look, 20);
  };
  look();
})
"""


class Devtools:
    """One DevTools socket: a command, its answer."""

    def __init__(self, url: str) -> None:
        self._socket = websocket.create_connection(url, timeout=START_TIMEOUT)
        self._number = 0

    def call(self, method: str, timeout: float = START_TIMEOUT, **params: Any) -> dict[str, Any]:
        """Send a command and return its result. Events that come meanwhile are dropped."""
        self._number += 1
        self._socket.settimeout(timeout)
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message: dict[str, Any] = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                break
        if "error" in message:
            msg = f"{method}: {message['error']['message']}"
            raise RuntimeError(msg)
        result: dict[str, Any] = message["result"]
        return result

    def until(self, event: str, accept: Callable[[dict[str, Any]], bool], timeout: float) -> dict[str, Any]:
        """Block until an event comes that is accepted, and return its parameters."""
        self._socket.settimeout(timeout)
        while True:
            message = json.loads(self._socket.recv())
            if message.get("method") == event and accept(message["params"]):
                params: dict[str, Any] = message["params"]
                return params

    def close(self) -> None:
        self._socket.close()


class Browser:
    """A headless Chromium with a profile of its own. A context manager."""

    def __init__(self, home: Path) -> None:
        executable = next((found for name in NAMES if (found := shutil.which(name))), None)
        if executable is None:
            msg = "no Chromium on PATH: `make test` installs one as root, else install your system's chromium package"
            raise RuntimeError(msg)
        self.downloads = home / "downloads"
        self.downloads.mkdir()
        profile = home / "profile"
        with (home / "chromium.log").open("wb") as log:
            self._process = subprocess.Popen(
                [executable, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        port, path = self._listening(profile / "DevToolsActivePort")
        self._address = f"127.0.0.1:{port}"
        self._devtools = Devtools(f"ws://{self._address}{path}")
        self._devtools.call(
            "Browser.setDownloadBehavior",
            behavior="allow",
            downloadPath=str(self.downloads),
            eventsEnabled=True,
        )

    @property
    def version(self) -> str:
        return str(self._devtools.call("Browser.getVersion")["product"])

    def new_page(self) -> Page:
        """Open a page."""
        target = self._devtools.call("Target.createTarget", url="about:blank")["targetId"]
        return Page(Devtools(f"ws://{self._address}/devtools/page/{target}"))

    def take_download(self, size: int, timeout: float = 60.0) -> None:
        """Block until the download that was begun is on disk, see that it has `size` bytes, and delete it."""
        ended = ("completed", "canceled")
        done = self._devtools.until(
            "Browser.downloadProgress", lambda event: event["state"] in ended, timeout
        )
        for file in self.downloads.iterdir():
            file.unlink()
        if done["state"] != "completed" or done["receivedBytes"] != size:
            msg = f"a download of {size:,} bytes is {done['state']} with {done['receivedBytes']:,.0f}"
            raise RuntimeError(msg)

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listening(self, file: Path) -> tuple[str, str]:
        deadline = time.monotonic() + START_TIMEOUT
        while not (file.exists() and file.read_text().count("\n")):
            try:
                self._process.wait(0.05)
            except subprocess.TimeoutExpired:
                if time.monotonic() < deadline:
                    continue
            msg = "Chromium did not start"
            raise RuntimeError(msg)
        port, path = file.read_text().split("\n")[:2]
        return port, path


class Page:
    """What `NotebookPage` asks of playwright's page, and nothing else."""

    def __init__(self, devtools: Devtools) -> None:
        self._devtools = devtools
        self._closed = False
        self._timeout = 30.0
        devtools.call("Page.enable")

    def set_default_timeout(self, milliseconds: float) -> None:
        self._timeout = milliseconds / 1000

    def add_init_script(self, script: str) -> None:
        self._devtools.call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def on(self, event: str, handler: Callable[..., object]) -> None:
        """Nobody is told of events here."""

    def goto(self, url: str, **_: Any) -> None:
        self._devtools.call("Page.navigate", url=url)

    def bring_to_front(self) -> None:
        self._devtools.call("Page.bringToFront")

    def evaluate(self, function: str, arg: Any = None, *, timeout: float | None = None) -> Any:
        """Call a JavaScript function of one argument and return what it returns or promises."""
        seconds = self._timeout if timeout is None else timeout
        answer = self._devtools.call(
            "Runtime.evaluate",
            timeout=seconds,
            expression=f"({function})({json.dumps(arg)})",
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            msg = str(
                answer["exceptionDetails"].get("exception", answer["exceptionDetails"]).get("description")
            )
            raise RuntimeError(msg)
        return answer["result"].get("value")

    def wait_for_function(self, condition: str, *, arg: Any = None, timeout: float | None = None) -> None:
        """Block until a JavaScript function of one argument returns something true."""
        seconds = self._timeout if timeout is None else timeout / 1000
        look = WAIT.replace("CONDITION", condition)
        self.evaluate(look, arg, timeout=seconds)

    def is_closed(self) -> bool:
        return self._closed

    def close(self, **_: Any) -> None:
        self._closed = True
        self._devtools.call("Page.close")
        self._devtools.close()
