"""The browser that ``NBSESSION_BROWSER`` selects."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol

from nbsession._server.run.open_browser import open_browser
from nbsession.exceptions import FrontendNotFoundException

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._headless.saved_files import SavedFiles

    from .redirect_file import RedirectFile

    Ended = Callable[[str], object]

VARIABLE = "NBSESSION_BROWSER"
REDIRECT = "NBSESSION_REDIRECT_FILE"
"""``0`` for a browser that cannot read this process's files: it gets the address itself."""


class Browser(Protocol):
    """Shows one page of nbsession.

    Attributes
    ----------
    frontend : str
        The value of ``info.frontend``.
    ours : bool
        Whether this process starts the browser, and is notified when the browser ends or has saved a file.
    """

    frontend: str
    ours: bool

    def start(self, ended: Ended, files: SavedFiles) -> None:
        """Start to launch an own browser, while the page's server is being created.

        Parameters
        ----------
        ended : callable
            ``ended(reason)`` is called if the browser ends by itself.
        files : SavedFiles
            Knows which files to save, and is notified when they are saved.
        """
        ...

    def open(self, url: str) -> None:
        """Open the page."""
        ...

    def opened(self) -> None:
        """Called when the address has been used and is no longer valid."""
        ...

    def remind(self) -> None:
        """Print advice to the reader: the page has not connected for a long time."""
        ...

    def close(self) -> None:
        """End an own browser. Returns at once."""
        ...


class ReadersBrowser:
    """The reader's own browser."""

    frontend = "page"
    ours = False

    def __init__(self) -> None:
        self._redirect: RedirectFile | None = None

    def start(self, ended: Ended, files: SavedFiles) -> None:
        """Do nothing: the browser is running, or starts with the page."""

    def open(self, url: str) -> None:
        """Open the page; always print its address."""
        if sys.platform.startswith("linux") and not _has_screen():
            _tell(url)  # open no browser: a text browser would take the terminal from the script
        elif os.environ.get(REDIRECT, "").strip() == "0":
            _tell(url)
            open_browser(url)
        else:
            self._open_by_file(url)

    def _open_by_file(self, url: str) -> None:
        from .redirect_file import RedirectFile  # noqa: PLC0415 -- rarely needed

        self._remove_redirect()
        # Before the address is printed: the reader may open the page before the next line runs.
        redirect = self._redirect = RedirectFile(url)
        _tell(url)
        if self._redirect is redirect:
            open_browser(redirect.url)

    def opened(self) -> None:
        """Remove the file that redirected the browser to the page."""
        self._remove_redirect()

    def remind(self) -> None:
        if self._redirect is not None:
            sys.stderr.write(
                "nbsession waits for its page. If the browser cannot read the file that redirects to the page, open "
                f"the address above, or set {REDIRECT}=0 to pass the address itself to the browser\n"
            )
            sys.stderr.flush()

    def close(self) -> None:
        """Do nothing: the browser belongs to the reader."""
        self._remove_redirect()

    def _remove_redirect(self) -> None:
        redirect, self._redirect = self._redirect, None
        if redirect is not None:
            redirect.remove()


class OwnBrowser:
    """A headless Chromium that starts and ends with the page.

    Parameters
    ----------
    named : str or None
        Its path or name; None for any that is found.

    Attributes
    ----------
    program : str
        Its path.
    """

    frontend = "headless"
    ours = True

    def __init__(self, named: str | None) -> None:
        if sys.platform == "win32":
            msg = f"{VARIABLE}={named or 'headless'} works on Linux and macOS only; {VARIABLE}=open opens a window"
            raise FrontendNotFoundException(msg)
        from nbsession._headless.chromium import find  # noqa: PLC0415 -- rarely needed
        from nbsession._headless.headless_browser import HeadlessBrowser  # noqa: PLC0415 -- rarely needed

        self._make = HeadlessBrowser
        self.program = find(named)
        self._browser: HeadlessBrowser | None = None

    def start(self, ended: Ended, files: SavedFiles) -> None:
        self._browser = self._make(self.program, ended, files)

    def open(self, url: str) -> None:
        assert self._browser is not None
        self._browser.open(url)

    def opened(self) -> None:
        """Do nothing: the browser got the address over a pipe."""

    def remind(self) -> None:
        """Do nothing: the browser opens the page in time, or never."""

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()


def chosen() -> str | None:
    """Return the value of ``NBSESSION_BROWSER``; None if it is empty."""
    return os.environ.get(VARIABLE, "").strip() or None


def in_own_browser() -> bool:
    """Return whether the process's page opens in a headless browser of its own."""
    return chosen() not in {None, "open"}


def make_browser() -> Browser:
    """Return the browser that ``NBSESSION_BROWSER`` selects.

    The value is ``headless``, ``open`` (or empty), or a Chromium's path or name.

    Raises
    ------
    FrontendNotFoundException
        If there is no such browser. The message lists the names that were tried.
    """
    value = chosen()
    if value is None or value == "open":
        return ReadersBrowser()
    return OwnBrowser(None if value == "headless" else value)


def _tell(url: str) -> None:
    sys.stderr.write(f"nbsession opens {url}\n")
    sys.stderr.flush()


def _has_screen() -> bool:
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
