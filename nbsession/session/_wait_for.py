"""``wait_for``: wait until a widget changes."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from functools import partial
from threading import get_ident
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary, WeakSet

from nbsession._core.brief import shorten
from nbsession._core.call import Call
from nbsession._core.calling_code import called_from_coroutine
from nbsession._core.current import current_session
from nbsession.exceptions import FrontendNotFoundException, JSTimeoutError, SessionClosedException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbsession._core.session import Session

# Seconds after which a wait for a reader fails if the notebook is run without one.
_WITHIN_ALONE = 1.5


def wait_for(widget: Any, trait: str = "value", *, timeout: float | None = None) -> Any:
    """Wait until a trait of a widget changes, and return its new value.

    Blocks in plain code: the reader uses the widget while the cell waits. In a coroutine, it returns a coroutine: write
    ``await wait_for(...)``. Widgets work during the wait, as during every wait of nbsession: their values change in
    Python, and their callbacks run.

    Parameters
    ----------
    widget : traitlets.HasTraits
        A widget of ipywidgets or anywidget, or another object with traits. A ``Button`` has no value: the call waits
        until it is clicked.
    trait : str, optional
        The name of the trait. ``"click"`` waits until a button is clicked.
    timeout : float, optional
        Seconds to wait for the change. By default, there is no limit.

    Returns
    -------
    object
        The new value of the trait. None after a click.

    Raises
    ------
    TypeError
        If ``widget`` has no traits.
    ValueError
        If it has no trait of this name, or if ``timeout`` is negative.
    JSTimeoutError
        If the trait has not changed within ``timeout``. It is also a ``TimeoutError``.
    FrontendNotFoundException
        If the notebook is run without a front end (nbconvert, papermill, nbval, Voila), so that no reader can use the
        widget, and there is no ``timeout``.
    SessionClosedException
        If the session ended before the change.

    Examples
    --------
    >>> import ipywidgets
    >>> from nbsession import wait_for
    >>> size, go = ipywidgets.IntSlider(10), ipywidgets.Button(description="Go")
    >>> display(size, go)  # doctest: +SKIP
    >>> wait_for(go)  # doctest: +SKIP
    >>> size.value  # doctest: +SKIP
    42

    Notes
    -----
    Not in PyWebIO.
    """
    __tracebackhide__ = True
    try:
        session = current_session()
        change = _Change(widget, trait, timeout)
        if not (session.loop_thread == get_ident() or called_from_coroutine(sys._getframe(1))):
            return _wait(session, change)
        coroutine = _wait_async(session, change)
        # Shown if an await is missing; see `eval_js`.
        coroutine.__qualname__ = "wait_for: write await wait_for(...) to get the value;"  # type: ignore[attr-defined]
        return coroutine  # noqa: TRY300 -- shortened, as all that is raised here
    except BaseException as error:
        shorten(error)
        raise


class _Change:
    """What is waited for, and how long."""

    def __init__(self, widget: Any, trait: str, timeout: float | None) -> None:
        if not all(hasattr(widget, name) for name in ("observe", "unobserve", "has_trait", "trait_names")):
            kind = type(widget).__name__
            msg = f"wait_for() expects a widget, or another object with traits, not {kind}: {widget!r:.80}"
            raise TypeError(msg)
        if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, (int, float))):
            msg = f"wait_for() expects timeout in seconds, as a number, not {type(timeout).__name__}: {timeout!r:.80}"
            raise TypeError(msg)
        if timeout is not None and not timeout >= 0:
            msg = f"wait_for() expects timeout to be 0 or more seconds, not {timeout!r}"
            raise ValueError(msg)
        self.widget = widget
        self.trait = trait
        self.timeout = timeout
        self.clicks = (
            trait in ("value", "click") and not widget.has_trait(trait) and hasattr(widget, "on_click")
        )
        if not self.clicks and not widget.has_trait(trait):
            similar = get_close_matches(str(trait), widget.trait_names(), 1)
            advice = f" Did you mean {similar[0]!r}?" if similar else ""
            msg = f"wait_for() expects the name of a trait: {type(widget).__name__} has no trait {trait!r}.{advice}"
            raise ValueError(msg)

    def __str__(self) -> str:
        kind = type(self.widget).__name__
        return f"{kind} was not clicked" if self.clicks else f"{self.trait!r} of {kind} did not change"

    @property
    def needs_reader(self) -> bool:
        """Whether only a front end can be expected to change it."""
        return self.timeout is None and getattr(self.widget, "comm", None) is not None

    @contextmanager
    def settles(self, call: Call) -> Iterator[None]:
        """Settle a call with the first change."""

        def changed(change: Any) -> None:
            call.settle(change["new"])

        def clicked(_: object) -> None:
            call.settle()

        widget = self.widget
        try:
            if self.clicks:
                widget.on_click(clicked)
            else:
                widget.observe(changed, names=self.trait)
            yield
        finally:
            if self.clicks:
                widget.on_click(clicked, remove=True)
            else:
                with suppress(ValueError):  # it was removed by unobserve_all()
                    widget.unobserve(changed, names=self.trait)


class _WidgetCall(Call):
    """A call that waits for a widget instead of the page."""

    __slots__ = ("__weakref__", "_change", "_waiting")

    runs_callbacks: ClassVar[bool] = True

    def __init__(self, session: Session, change: _Change, *, awaited: bool = False) -> None:
        super().__init__(session, awaited=awaited)
        self._change = change
        self._waiting = session

    def _patience(self, deadline: float | None) -> float | None:
        if deadline is not None:
            return max(0.0, deadline - monotonic())
        return _WITHIN_ALONE if self._without_reader() else None

    def _give_up(self, timeout: float | None, deadline: float | None) -> None:
        if deadline is not None and monotonic() >= deadline:
            msg = f"{self._change} within {timeout} s"
            raise JSTimeoutError(msg)
        if self._without_reader():
            msg = (
                f"{self._change}, and no reader can be expected: this notebook is run without a front end (nbconvert, "
                "papermill, nbval), or Voila runs it before it shows the page. Use wait_for(..., timeout=seconds) if "
                "other code changes it"
            )
            raise FrontendNotFoundException(msg)

    def _without_reader(self) -> bool:
        session = self._waiting
        if not self._change.needs_reader:
            return False
        if not session.delivery.unattached:
            return session.unattended
        return session.unattended or session.attach_timeout(awaited=self.awaited) == 0.0


def _wait(session: Session, change: _Change) -> object:
    call = _WidgetCall(session, change)
    with change.settles(call):
        _end_with(session, call)
        return call.result(change.timeout)


async def _wait_async(session: Session, change: _Change) -> object:
    __tracebackhide__ = True
    try:
        call = _WidgetCall(session, change, awaited=True)
        with change.settles(call):
            _end_with(session, call)
            return await call.within(change.timeout)
    except BaseException as error:
        shorten(error)
        raise


_calls: WeakKeyDictionary[Session, WeakSet[_WidgetCall]] = WeakKeyDictionary()
_lock = threading.Lock()


def _end_with(session: Session, call: _WidgetCall) -> None:
    """Let the call fail when the session closes. Each session has one hook, however often the code waits."""
    with _lock:
        calls = _calls.get(session)
        known = calls is not None
        if calls is None:
            calls = _calls[session] = WeakSet()
        calls.add(call)
    if not known:
        session.on_close(partial(_close, calls))
    elif session.closed is not None:
        call.settle(error=SessionClosedException(session.closed))


def _close(calls: WeakSet[_WidgetCall], reason: str) -> None:
    with _lock:
        waiting = list(calls)
    for call in waiting:
        call.settle(error=SessionClosedException(reason))
