"""The browser that ``NBSESSION_BROWSER`` asks for."""

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
"""``0`` for a browser that cannot read this process's files: it is given the address itself."""


class Browser(Protocol):
    """Shows one page of ours.

    Attributes
    ----------
    frontend : str
        What ``info.frontend`` calls it.
    ours : bool
        It is known when it has ended, and when it has saved a file.
    """

    frontend: str
    ours: bool

    def start(self, ended: Ended, files: SavedFiles) -> None:
        """Begin to start, if it is ours: it has time while the page's server is made.

        Parameters
        ----------
        ended : callable
            ``ended(reason)`` is called if it ends by itself.
        files : SavedFiles
            Knows which files are to be saved, and is told when they are.
        """
        ...

    def open(self, url: str) -> None:
        """Open the page."""
        ...

    def opened(self) -> None:
        """Learn that the address has been used, and is of no more use."""
        ...

    def remind(self) -> None:
        """Tell the reader what may be wrong: the page has not come for long."""
        ...

    def close(self) -> None:
        """End the browser if it is ours. Returns at once."""
        ...


class ReadersBrowser:
    """The browser that the reader uses anyway."""

    frontend = "page"
    ours = False

    def __init__(self) -> None:
        self._redirect: RedirectFile | None = None

    def start(self, ended: Ended, files: SavedFiles) -> None:
        """Do nothing: it runs, or starts with the page."""

    def open(self, url: str) -> None:
        """Open the page there; say where it is in any case."""
        if sys.platform.startswith("linux") and not _has_screen():
            _tell(url)  # and open none: a browser in the terminal would take it from the script
        elif os.environ.get(REDIRECT, "").strip() == "0":
            _tell(url)
            open_browser(url)
        else:
            self._open_by_file(url)

    def _open_by_file(self, url: str) -> None:
        from .redirect_file import RedirectFile  # noqa: PLC0415 -- most open no browser of the reader's

        self._remove_redirect()
        # Before the address is told: the page may have been opened at it by the next line.
        redirect = self._redirect = RedirectFile(url)
        _tell(url)
        if self._redirect is redirect:
            open_browser(redirect.url)

    def opened(self) -> None:
        """Remove the file that has led the browser to the page."""
        self._remove_redirect()

    def remind(self) -> None:
        if self._redirect is not None:
            sys.stderr.write(
                "nbsession waits for its page. If the browser cannot read the file that was to lead it there, open the "
                f"address above; with {REDIRECT}=0 the browser is given the address itself\n"
            )
            sys.stderr.flush()

    def close(self) -> None:
        """Leave the browser: it is the reader's."""
        self._remove_redirect()

    def _remove_redirect(self) -> None:
        redirect, self._redirect = self._redirect, None
        if redirect is not None:
            redirect.remove()


class OwnBrowser:
    """A headless Chromium, started for the page and ended with it.

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
        from nbsession._headless.chromium import find  # noqa: PLC0415 -- most have no need of it
        from nbsession._headless.headless_browser import HeadlessBrowser  # noqa: PLC0415 -- most have no need of it

        self._make = HeadlessBrowser
        self.program = find(named)
        self._browser: HeadlessBrowser | None = None

    def start(self, ended: Ended, files: SavedFiles) -> None:
        self._browser = self._make(self.program, ended, files)

    def open(self, url: str) -> None:
        assert self._browser is not None
        self._browser.open(url)

    def opened(self) -> None:
        """Do nothing: the browser was told the address by a pipe."""

    def remind(self) -> None:
        """Do nothing: it opens the page in time, or never."""

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()


def chosen() -> str | None:
    """Return the value of ``NBSESSION_BROWSER``, None if it says nothing."""
    return os.environ.get(VARIABLE, "").strip() or None


def make_browser() -> Browser:
    """Return what ``NBSESSION_BROWSER`` asks for: ``headless``, ``open`` (or nothing), or a Chromium's path or name.

    Raises
    ------
    FrontendNotFoundException
        If there is no such browser; the message names what was looked for.
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
