"""A browser that is played by the test."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._core.current import runtime
from nbsession._core.page import Page
from nbsession._core.running_kernel import running_kernel
from nbsession._core.values import encode_output
from nbsession.exceptions import SessionException

from ._in_process_apps import run_app
from ._in_process_platform import InProcessPlatform, InProcessSession
from ._page_end import PageEnd
from ._press import Press
from ._rules import Rules
from ._tab import Command, Tab
from ._watched import wait_until_over

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from nbsession._core.session import Session
    from nbsession._link import Buffer

    from ._nodes import Node
    from ._rules import Answer, Pattern

_NAME = "fake browser"
CLOSED = "the fake browser was closed"
_INFO = {
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
    "language": "en-US",
    "languages": ["en-US", "en"],
    "timezone": "UTC",
    "host": "localhost",
    "origin": "http://localhost",
    "url": "http://localhost/",
    "base_url": "/",
    "frontend": "fake",
    "screen": {"width": 1280, "height": 800, "pixel_ratio": 1},
    "dark_mode": False,
}


class FakeBrowser:
    """A browser without a browser: ``eval_js`` is answered by rules, all else is noted.

    Nothing is replaced but the browser: what the code sends goes through sessions, link and page as it always does.
    Use it as a context manager. In plain Python the code under test belongs to its one session; `run` gives an app a
    session of its own. In a notebook's kernel it is one more page, which answers the cells that run while it is open.

    Parameters
    ----------
    answers : mapping, optional
        Rules, as `answer` takes them.
    info : mapping, optional
        What the page tells of itself (docs/protocol.md), beyond the usual: ``{"language": "de-DE"}``.

    Examples
    --------
    >>> from nbsession import download, eval_js
    >>> from nbsession.testing import FakeBrowser
    >>> with FakeBrowser({"prompt('Your name?')": "Ada"}) as browser:
    ...     name = eval_js("prompt('Your name?')")
    ...     _ = download("name.txt", name)
    ...     browser.downloads
    {'name.txt': b'Ada'}
    """

    def __init__(
        self, answers: Mapping[Pattern, Answer] | None = None, *, info: Mapping[str, object] | None = None
    ) -> None:
        self._rules = Rules()
        for pattern, answer in (answers or {}).items():
            self._rules.add(pattern, answer)
        self._info = {**_INFO, **(info or {})}
        self._context = secrets.token_hex(16)
        self._end = PageEnd(self._context)
        self._tab = Tab(self._rules, self._end.send_message, self._unanswered)
        self._platform: InProcessPlatform | None = None
        self._page: Page | None = None
        self._leave: Callable[[], object] = lambda: None

    def __enter__(self) -> Self:
        if running_kernel() is None:
            self._take_over()
        else:
            self._join()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End it: its sessions close, their deferred functions run. Twice is harmless."""
        if self._page is None:
            return
        try:
            with ExitStack() as last:
                last.callback(self._end.close)
                last.callback(self._page.detach)
                last.callback(self._leave)
                self._settle()
        finally:
            self._page = None

    # -- what it is told ----------------------------------------------------------------------

    def answer(self, pattern: Pattern, value: Answer) -> None:
        """Answer ``eval_js`` calls from now on. Of several rules that fit, the one that was added last counts.

        Parameters
        ----------
        pattern : str, re.Pattern or callable
            The code itself (white space around it does not count); a compiled regular expression that is found in it;
            or a function of the code that says whether it is meant.
        value : object
            The value: what JSON can say, bytes, NaN and infinities; or a function, which is called with the call's
            keyword arguments and returns the value. What it raises is a JavaScript error; ``JSError`` names one.

        Examples
        --------
        >>> import re
        >>> from nbsession import eval_js
        >>> with FakeBrowser() as browser:
        ...     browser.answer(re.compile("toUpperCase"), lambda text: text.upper())
        ...     eval_js("text.toUpperCase()", text="quiet")
        'QUIET'
        """
        self._rules.add(pattern, value)

    def run(self, app: object, *, timeout: float = 10.0) -> Session:
        """Run an app until it has returned or holds; in a session of its own, as one visitor has it.

        A session that ends with its app has run its deferred functions by then.

        Parameters
        ----------
        app : callable, sequence or mapping
            What ``start_server`` takes: a function, plain or ``async def``, or several among which ``go_app`` goes. The
            one named ``index`` begins, else the first.
        timeout : float
            Seconds after which it should have returned.

        Returns
        -------
        Session
            Its session, open as long as something of it is left: buttons, threads, tasks.

        Raises
        ------
        TimeoutError
            If it has not returned in time.
        BaseException
            What the app raised.

        Examples
        --------
        >>> from nbsession.output import put_buttons, put_text
        >>> def app():
        ...     put_buttons(["Hello"], onclick=lambda _: put_text("world"))
        >>> with FakeBrowser() as browser:
        ...     _ = browser.run(app)
        ...     browser.click("Hello")
        ...     [node["text"] for node in browser.outputs if node["kind"] == "text"]
        ['world']
        """
        if self._platform is None:
            msg = "run(app) works outside of notebooks, while the browser is open; in a cell start_server(app) does"
            raise SessionException(msg)
        return run_app(self._platform, app, timeout)

    def click(self, label: str, *, timeout: float = 10.0) -> None:
        """Press the newest button that says ``label``, and wait until its function has returned.

        If the session ends by that its deferred functions are waited for, too.

        Parameters
        ----------
        label : str
            What stands on the button, or on the link of ``put_file``.
        timeout : float
            Seconds after which the function should have returned.

        Raises
        ------
        LookupError
            If there is no such button; the message names those that there are.
        TimeoutError
            If the function has not returned in time.
        BaseException
            What the function raised.
        """
        self._settle()
        session, number, value = self._find(label)
        callback = session.callbacks.find(number)
        if callback is None:
            return
        deadline = monotonic() + timeout
        press = Press(session, callback.function)
        session.on_close(lambda _: press.end())
        watched = session.callbacks.add(press, serial=callback.serial)
        try:
            self._end.tell(session.number, encode_output(("callback", watched), value))
            if not press.done.wait(timeout):
                msg = f"the function of the button {label!r} has not returned within {timeout:g} s"
                raise TimeoutError(msg)
        finally:
            session.callbacks.remove(watched)
        if isinstance(session, InProcessSession):
            press.over.wait(deadline - monotonic())
        over = wait_until_over(session, deadline - monotonic())
        if press.error is not None:
            raise press.error
        if not over:
            msg = f"the session that the button {label!r} ended has not run what it has deferred within {timeout:g} s"
            raise TimeoutError(msg)

    # -- what it has seen -----------------------------------------------------------------------
    # Each waits until all that was sent has arrived, so that a test need not.

    @property
    def ran(self) -> list[Command]:
        """What ``run_js`` was called with, in order: ``(code, args)``."""
        self._settle()
        return list(self._tab.ran)

    @property
    def evaluated(self) -> list[Command]:
        """What ``eval_js`` was called with, in order: ``(code, args)``."""
        self._settle()
        return list(self._tab.evaluated)

    @property
    def downloads(self) -> dict[str, bytes]:
        """The files that were saved, by name."""
        self._settle()
        return dict(self._tab.downloads)

    @property
    def outputs(self) -> list[Node]:
        """What is shown, in order: the nodes that docs/protocol.md describes, of all sessions."""
        self._settle()
        return [dict(node) for nodes in self._tab.nodes.values() for node in nodes]

    # -- inside -------------------------------------------------------------------------------

    def _take_over(self) -> None:
        """Take the place of the process's platform."""
        platform = self._platform = InProcessPlatform(lambda: page)
        page = self._page = Page(_NAME, self._context, self._info, self._end, platform.alarm)

        def deliver(envelope: dict[str, Any], buffers: Sequence[Buffer]) -> None:
            if "frame" in envelope:
                page.receive(envelope["frame"], buffers)

        def leave() -> None:
            self._platform = None
            runtime.replace(former)
            platform.close(CLOSED)
            self._settle()

        self._end.start(self._tab.handle, deliver)
        former = runtime.replace(platform)
        self._leave = leave

    def _join(self) -> None:
        """Be a page of the kernel."""
        from nbsession._jupyter.jupyter_platform import JupyterPlatform  # noqa: PLC0415 -- ipykernel is optional elsewhere
        from nbsession._jupyter.shell.shell_interceptor import CommMessage  # noqa: PLC0415

        platform = runtime.platform
        assert isinstance(platform, JupyterPlatform)
        page_registry = platform.page_registry

        def deliver(envelope: dict[str, Any], buffers: Sequence[Buffer]) -> None:
            page_registry.receive(
                CommMessage(envelope, [memoryview(buffer) for buffer in buffers], self._end.header)
            )

        self._end.start(self._tab.handle, deliver)
        page = self._page = page_registry.admit(_NAME, self._context, self._info, self._end)
        self._leave = lambda: page_registry.dismiss(page, CLOSED)

    def _unanswered(self, channel: int, number: int, error: BaseException) -> None:
        for session in self._sessions():
            if session.number == channel:
                session.settle(number, error=error)

    def _sessions(self) -> set[Session]:
        return set() if self._page is None else {channel.session for channel in self._page.channels}

    def _find(self, label: str) -> tuple[Session, int, object]:
        """Return the session of a button, its callback and the value that it says."""
        buttons: dict[str, tuple[Session, int, object]] = {}
        for session in sorted(self._sessions(), key=lambda session: session.number):
            for node in self._tab.nodes.get(session.number, ()):
                for index, button in enumerate(node.get("buttons", ())):
                    buttons[button["label"]] = (session, node["callback"], index)
                if node["kind"] == "file":
                    buttons[node["label"]] = (session, node["callback"], None)
        if label not in buttons:
            msg = f"there is no button {label!r}; there are {', '.join(map(repr, buttons)) or 'none'}"
            raise LookupError(msg)
        return buttons[label]

    def _settle(self) -> None:
        """Wait until all that was sent has arrived, and what was said to it."""
        page = self._page
        while page is not None:
            page.flush()
            self._end.caught_up()
            if page.settled:
                return
