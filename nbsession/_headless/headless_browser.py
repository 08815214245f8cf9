"""The headless browser: starts it, configures it, and opens one page."""

from __future__ import annotations

import os
import shlex
from concurrent.futures import TimeoutError as FutureTimeoutError  # Python 3.10: not the built-in one
from typing import TYPE_CHECKING, Any

from nbsession.exceptions import FrontendNotFoundException

from . import surroundings
from .browser_process import BrowserProcess
from .devtools import DevTools
from .saved_files import Downloads, chosen_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .devtools import Answer
    from .saved_files import SavedFiles

# Seconds for the browser to start on a busy machine.
_START_WITHIN = 30.0


class HeadlessBrowser:
    """A headless Chromium of this process, which shows one page.

    It ends with this process in any case, and its profile is deleted.

    Parameters
    ----------
    program : str
        The path of the browser; see `find`.
    ended : callable
        ``ended(reason)`` is called when the browser has ended other than by `close`, or when its page has crashed.
    files : SavedFiles
        Determines which files are kept in the folder for downloads, and is notified of them. Both callables are called
        on a thread of the browser's own.

    Attributes
    ----------
    devtools : DevTools
        The connection that controls the browser.

    Raises
    ------
    FrontendNotFoundException
        If the browser does not start. The message contains the end of its log.
    """

    def __init__(self, program: str, ended: Callable[[str], object], files: SavedFiles) -> None:
        self._program = program
        self._on_end = ended
        self._closed = False
        self._page: str | None = None
        downloads = chosen_folder()
        self._process = BrowserProcess(self._command, self._received, self._ended)
        self.devtools = DevTools(self._process.send, self._happened)
        self._incoming = self._process.folder / "downloads"
        self._downloads = Downloads(self._incoming, downloads, files)
        self._process.start()

    def open(self, url: str) -> None:
        """Open the page, with the settings of `surroundings`. Returns when the browser has been told to load it.

        Raises
        ------
        FrontendNotFoundException
            If the browser does not follow commands within 30 s. The message contains the end of its log.
        """
        try:
            self._open(url)
        except BaseException as error:
            said = self._process.said
            self.close()
            if isinstance(error, (TimeoutError, FutureTimeoutError, FrontendNotFoundException)):
                why = str(error) or f"it did not answer within {_START_WITHIN:g} s"
                msg = f"the headless browser {self._program} did not start: {why}{_advice(said)}"
                raise FrontendNotFoundException(msg) from None
            raise

    def close(self) -> None:
        """End the browser. Returns at once."""
        self._closed = True
        self._process.close()

    def _open(self, url: str) -> None:
        call = self.devtools.call
        answers = [call(name, **parameters) for name, parameters in surroundings.of_browser(self._incoming)]
        target = _result(call("Target.createTarget", url="about:blank"))["targetId"]
        page = self._page = _result(call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        answers += [call(name, page, **parameters) for name, parameters in surroundings.of_page()]
        for answer in answers:
            _result(answer)
        failure = _result(call("Page.navigate", page, url=url)).get("errorText")
        if failure:
            msg = f"it could not load its page: {failure}"
            raise FrontendNotFoundException(msg)

    def _command(self, folder: Path) -> list[str]:
        given = shlex.split(os.environ.get("NBSESSION_BROWSER_ARGS", ""))
        # Chromium refuses to run as root with its sandbox.
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        return [self._program, *surroundings.switches(folder / "profile"), *root, *given]

    def _received(self, data: bytes) -> None:
        self.devtools.received(data)

    def _happened(self, method: str, parameters: dict[str, Any]) -> None:
        if method == "Page.javascriptDialogOpening":
            # There is no user to answer: alert() returns, confirm() is false, prompt() is null, and pages may be left.
            accept = parameters["type"] in {"alert", "beforeunload"}
            self.devtools.call("Page.handleJavaScriptDialog", self._page, accept=accept)
        elif method in {"Inspector.targetCrashed", "Target.targetCrashed"}:
            self._finish("the page has crashed")
        else:
            self._downloads.happened(method, parameters)

    def _ended(self) -> None:
        self.devtools.ended()
        self._finish("the headless browser has ended")

    def _finish(self, reason: str) -> None:
        first, self._closed = not self._closed, True
        if first:
            self._process.close()
            self._on_end(reason)


def _result(answer: Answer) -> dict[str, Any]:
    return answer.result(_START_WITHIN)


def _advice(said: str) -> str:
    if "no-sandbox" in said or "sandbox" in said.lower():
        return (
            f". If its sandbox is not available, set NBSESSION_BROWSER_ARGS=--no-sandbox. Its output:\n{said}"
        )
    return f". Its output:\n{said}" if said else ""
