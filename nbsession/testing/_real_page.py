"""A page in a headless Chromium, for tests in plain Python."""

from __future__ import annotations

import atexit
import os
from typing import TYPE_CHECKING

from nbsession._core.current import runtime
from nbsession._core.running_kernel import running_kernel
from nbsession._own_page.script_platform import ScriptPlatform
from nbsession.exceptions import SessionException

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    from nbsession._core.app import AppFunction
    from nbsession._core.session import Session

# Seconds that the end of the block waits for the last messages: the page may be in an endless loop.
_PARTING = 30.0


class _Platform(ScriptPlatform):
    """The platform of a script that serves no apps: in a test, ``start_server`` would wait for visitors forever."""

    gives_way = False

    def serve(self, apps: Mapping[str, AppFunction]) -> object:  # noqa: ARG002
        msg = (
            "start_server() does not work in a test with a RealPage; run the app with FakeBrowser().run(app)"
        )
        raise SessionException(msg)


class RealPage:
    """A real page, opened by ``with``. The code under test uses it as a script uses its page.

    The browser is the one that ``NBSESSION_BROWSER`` names, or else the first Chromium that is found; it is always
    headless. It ends with the ``with`` block, which waits at most 30 s for the last messages, and with this process.

    Parameters
    ----------
    downloads : Path
        The folder for downloads.

    Attributes
    ----------
    downloads : Path
        The same folder.
    session : Session
        The session of the code under test.

    Raises
    ------
    FrontendNotFoundException
        If there is no Chromium.

    Examples
    --------
    >>> from pathlib import Path
    >>> from nbsession import eval_js
    >>> from nbsession.testing import RealPage
    >>> with RealPage(Path("downloads")) as page:  # doctest: +SKIP
    ...     eval_js("document.title")
    """

    def __init__(self, downloads: Path) -> None:
        self.downloads = downloads
        self.session: Session

    def __enter__(self) -> Self:
        if running_kernel() is not None:
            msg = (
                "RealPage is for tests outside of notebooks; NBSESSION_BROWSER=headless gives a kernel a page"
            )
            raise SessionException(msg)
        self._environment = {
            name: os.environ.get(name) for name in ("NBSESSION_BROWSER", "NBSESSION_DOWNLOADS")
        }
        if self._environment["NBSESSION_BROWSER"] in {None, "", "open"}:
            os.environ["NBSESSION_BROWSER"] = "headless"
        os.environ["NBSESSION_DOWNLOADS"] = str(self.downloads)
        self._platform = _Platform()
        self._former = runtime.replace(self._platform)
        try:
            self.session = self._platform.session
            self._platform.attach(self.session)
        except BaseException:
            atexit.unregister(self._platform.end)
            try:
                self._platform.stop()
            finally:
                self._restore()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        atexit.unregister(self._platform.end)
        try:
            self._platform.end(within=_PARTING)
        finally:
            self._restore()

    def _restore(self) -> None:
        runtime.replace(self._former)
        for name, value in self._environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
