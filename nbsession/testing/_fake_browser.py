"""A browser that the test controls."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from time import monotonic
from typing import TYPE_CHECKING, Any

from nbsession._core.current import runtime
from nbsession._core.page import Page
from nbsession._core.running_kernel import running_kernel
from nbsession._core.session import sessions_of
from nbsession._core.values import encode_output
from nbsession.exceptions import SessionException

from ._in_process_apps import run_app
from ._in_process_platform import InProcessPlatform, InProcessSession
from ._inputs import InputRules
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
    """A simulated browser: rules answer ``eval_js``, all other calls are recorded.

    Only the browser is replaced: messages pass through sessions, link and page as always. Use it as a context manager.
    In plain Python, the code under test belongs to the fake browser's one session; `run` gives an app its own session.
    In a notebook's kernel, it is an additional page, which answers the cells that run while it is open.

    Parameters
    ----------
    answers : mapping, optional
        Rules, as for `answer`.
    info : mapping, optional
        Changes to the page's description of itself (docs/protocol.md): ``{"language": "de-DE"}``.

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
        self._input_rules = InputRules()
        for pattern, answer in (answers or {}).items():
            self._rules.add(pattern, answer)
        self._info = {**_INFO, **(info or {})}
        self._context = secrets.token_hex(16)
        self._end = PageEnd(self._context)
        self._tab = Tab(
            self._rules, self._end.send_message, self._end.tell, self._unanswered, self._answer_form
        )
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
        """Close all sessions and run their deferred functions. A second call has no effect."""
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

    # -- rules and actions --------------------------------------------------------------------

    def answer(self, pattern: Pattern, value: Answer) -> None:
        """Add a rule that answers ``eval_js``. If several rules match, the one that was added last takes precedence.

        Parameters
        ----------
        pattern : str, re.Pattern or callable
            The code itself (surrounding white space is ignored), a compiled regular expression to search for in the
            code, or a function of the code that returns whether the rule matches.
        value : object
            The value: a JSON value, bytes, NaN or an infinity. Or a function that gets the call's keyword arguments and
            returns the value; typed arrays are lists, and a function calls the one that was passed and returns its
            value. An exception that it raises is a JavaScript error; raise ``JSError`` to set its name.

        Examples
        --------
        >>> import re
        >>> from nbsession import eval_js
        >>> with FakeBrowser() as browser:
        ...     browser.answer(re.compile("toUpperCase"), lambda text: text.upper())
        ...     eval_js("text.toUpperCase()", text="quiet")
        'QUIET'
        >>> with FakeBrowser() as browser:
        ...     browser.answer("add(2, 3)", lambda add: add(2, 3))
        ...     eval_js("add(2, 3)", add=lambda a, b: a + b)
        5
        """
        self._rules.add(pattern, value)

    def answer_input(self, title: str, *answers: object) -> None:
        """Answer the forms of ``nbsession.input`` that ask a question.

        Parameters
        ----------
        title : str
            The label of the question, or the name of a field of a group. Or the label of a group, with a dictionary of
            answers by name or label.
        *answers : object
            The answer: text, a number, the value or the label of an option or a button, a list of options, the path of
            a file to upload. None cancels the form. Several answers are used one after the other, also if the form
            refuses one; the last answer is used again.

        Examples
        --------
        >>> from nbsession.input import NUMBER, input
        >>> with FakeBrowser() as browser:
        ...     browser.answer_input("Your age", 36)
        ...     input("Your age", type=NUMBER)
        36

        Notes
        -----
        Fields without an answer have their initial values. If there is none, the call raises ``AssertionError``.
        ``onchange`` functions are not called.
        """
        self._input_rules.add(title, answers)

    def run(self, app: object, *, timeout: float = 10.0) -> Session:
        """Run an app until it returns or holds, in its own session, as for one visitor.

        If the session ends with its app, its deferred functions have run when this method returns.

        Parameters
        ----------
        app : callable, sequence or mapping
            As for ``start_server``: a function, plain or ``async def``, or several for ``go_app``. The app named
            ``index`` runs, or else the first.
        timeout : float
            Seconds in which the app must return.

        Returns
        -------
        Session
            The app's session. It stays open as long as the app has buttons, threads or tasks.

        Raises
        ------
        TimeoutError
            If the app has not returned in time.
        BaseException
            Any exception of the app.

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
            msg = "run(app) works outside of notebooks, while the browser is open; in a cell, use start_server(app)"
            raise SessionException(msg)
        return run_app(self._platform, app, timeout)

    def click(self, label: str, *, timeout: float = 10.0) -> None:
        """Press the newest button with this label, and wait until its function has returned.

        If this ends the session, also wait for its deferred functions.

        Parameters
        ----------
        label : str
            The label of the button, or of the link of ``put_file``.
        timeout : float
            Seconds in which the function must return.

        Raises
        ------
        LookupError
            If there is no such button; the message lists the existing ones.
        TimeoutError
            If the function has not returned in time.
        BaseException
            Any exception of the function.
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
            msg = f"the session that the button {label!r} ended has not run its deferred functions within {timeout:g} s"
            raise TimeoutError(msg)

    # -- recorded calls -------------------------------------------------------------------------
    # Each property waits until all sent messages have arrived, so that the test does not need to.

    @property
    def ran(self) -> list[Command]:
        """The calls of ``run_js``, in order: ``(code, args)``."""
        self._settle()
        return list(self._tab.ran)

    @property
    def evaluated(self) -> list[Command]:
        """The calls of ``eval_js``, in order: ``(code, args)``."""
        self._settle()
        return list(self._tab.evaluated)

    @property
    def downloads(self) -> dict[str, bytes]:
        """The files that were saved, by name."""
        self._settle()
        return dict(self._tab.downloads)

    @property
    def outputs(self) -> list[Node]:
        """The shown outputs of all sessions, in order: the nodes of docs/protocol.md."""
        self._settle()
        return [dict(node) for nodes in self._tab.nodes.values() for node in nodes]

    # -- internal -----------------------------------------------------------------------------

    def _take_over(self) -> None:
        """Replace the process's platform."""
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
        """Attach as a page of the kernel."""
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

    def _answer_form(self, channel: int, node: Node) -> None:
        for session in self._sessions():
            if session.number == channel:
                self._input_rules.answer(session, node, lambda event: self._end.tell(channel, event))

    def _sessions(self) -> list[Session]:
        return [] if self._page is None else sessions_of(self._page)

    def _find(self, label: str) -> tuple[Session, int, object]:
        """Return a button's session, its callback and its value."""
        buttons: dict[str, tuple[Session, int, object]] = {}
        for session in sorted(self._sessions(), key=lambda session: session.number):
            for node in self._tab.nodes.get(session.number, ()):
                for index, button in enumerate(node.get("buttons", ())):
                    buttons[button["label"]] = (session, node["callback"], index)
                if node["kind"] == "file":
                    buttons[node["label"]] = (session, node["callback"], None)
        if label not in buttons:
            msg = f"there is no button {label!r}; the buttons are {', '.join(map(repr, buttons)) or 'none'}"
            raise LookupError(msg)
        return buttons[label]

    def _settle(self) -> None:
        """Wait until all messages in both directions have arrived."""
        page = self._page
        while page is not None:
            page.flush()
            self._end.caught_up()
            if page.settled:
                return
