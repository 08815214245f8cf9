"""A test without a browser, as for a notebook that nbconvert runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession._core.current import runtime
from nbsession._core.running_kernel import running_kernel
from nbsession.exceptions import SessionException

from ._in_process_platform import InProcessPlatform

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

    from nbsession._core.app import AppFunction
    from nbsession._core.session import Session

_ENDED = "the test without a browser has ended"


class NoBrowser:
    """No browser, as when nbconvert, papermill or nbval run a notebook, but without waiting for one.

    In the ``with`` block, ``run_js``, outputs and downloads are no-ops. ``eval_js``, a download with ``wait()`` and the
    parts of ``info`` that only the page knows raise ``FrontendNotFoundException``. ``eval_js(..., default_=value)``
    returns the value.

    Raises
    ------
    SessionException
        At the start of the block, in a notebook's kernel.

    Examples
    --------
    >>> from nbsession import eval_js
    >>> from nbsession.testing import NoBrowser
    >>> with NoBrowser():
    ...     eval_js("navigator.language", default_="en-US")
    'en-US'

    Notes
    -----
    Not in PyWebIO, whose code always needs a browser.
    """

    def __enter__(self) -> Self:
        if running_kernel() is not None:
            msg = "NoBrowser is for tests outside of notebooks: a kernel's front end decides whether there is a page"
            raise SessionException(msg)
        self._platform = _Platform()
        self._former = runtime.replace(self._platform)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        runtime.replace(self._former)
        self._platform.close(_ENDED)


class _Platform(InProcessPlatform):
    """A session for plain functions. No page ever attaches to it."""

    def __init__(self) -> None:
        super().__init__(None)

    def attach_timeout(self, session: Session, *, awaited: bool = False) -> float:  # noqa: ARG002
        return 0.0

    def unattended(self, session: Session) -> bool:  # noqa: ARG002
        return True

    def alone(self, session: Session) -> bool:  # noqa: ARG002
        return True

    def no_frontend(self, session: Session, *, awaited: bool = False) -> str:  # noqa: ARG002
        return "this test has no browser (NoBrowser); eval_js(..., default_=value) returns the default"

    def serve(self, apps: Mapping[str, AppFunction]) -> object:  # noqa: ARG002
        msg = "start_server() does not work in a test with NoBrowser; run the app with FakeBrowser().run(app)"
        raise SessionException(msg)
