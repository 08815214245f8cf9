"""Functions of Python that the page calls: arguments of commands, which are asynchronous functions in JavaScript."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import re
from typing import TYPE_CHECKING, Any, Protocol

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
from nbsession.exceptions import SessionClosedException

from .values import decode, encode_result, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from nbsession._link import Buffer

    from .callbacks import Callbacks
    from .interfaces.channel import Caller

_LONGEST_MESSAGE = 10_000
_GONE = "this function of Python is not available any more"
# A function among the specials of a command, in its JSON text. In a string, the quotes would have backslashes.
_NUMBERS = re.compile(r'"function",(\d+)\]')


class _Session(Protocol):
    """The parts of a session that its functions use."""

    number: int
    callbacks: Callbacks

    def finish_if_idle(self) -> None:
        """Close the session if its app has returned and nothing of it remains."""
        ...


class Functions:
    """The functions of one session that pages can call. Can be used on any thread.

    A function stays until the page's garbage collector drops it, or the session ends. It runs where the session's
    callbacks run.
    """

    def __init__(self, session: _Session) -> None:
        self._session = session
        self._lock = InterruptSafeLock()
        self._functions: dict[int, Callable[..., object]] = {}
        self._next_number = itertools.count(1).__next__

    def __len__(self) -> int:
        return len(self._functions)

    def add(self, function: Callable[..., object]) -> int:
        """Register a function and return its number."""
        number = self._next_number()
        with self._lock:
            self._functions[number] = function
        return number

    def discard(self, numbers: Iterable[object]) -> None:
        """Remove functions that no page has."""
        with self._lock:
            removed = [self._functions.pop(number, None) for number in numbers if type(number) is int]
        if any(removed):
            self._session.finish_if_idle()

    def page_lost(self, queued: Iterable[str]) -> None:
        """Remove the functions that a dead page had: all but those in messages that go to the next page."""
        if not self._functions:
            return
        kept = {int(number) for text in queued for number in _NUMBERS.findall(text)}
        with self._lock:
            others = [number for number in self._functions if number not in kept]
        self.discard(others)

    def clear(self) -> None:
        """Remove all functions: the session has closed."""
        with self._lock:
            self._functions.clear()

    def call(self, message: Sequence[Any], buffers: Sequence[Buffer], caller: Caller) -> None:
        """Schedule a call of the page, and answer it later. Returns at once.

        Parameters
        ----------
        message : list
            The number of the function, the number of the call, the arguments, and possibly their specials.
        buffers : sequence
            The message's buffers.
        caller : Caller
            The page, which gets the answer.
        """
        number, call, given, specials = (*message, None, None, None, None)[:4]
        if type(call) is not int:
            return
        with self._lock:
            function = self._functions.get(number) if type(number) is int else None
        answer = _Answer(self, caller, self._session.number, call)
        if function is None:
            answer.reject("ReferenceError", _GONE)
            return
        try:
            arguments = decode(given, specials, buffers)
        except (ValueError, IndexError) as error:
            answer.reject("ProtocolError", str(error))
            return
        if not isinstance(arguments, list):
            answer.reject("ProtocolError", "the arguments must be a list")
            return
        called = _Called(function, arguments, answer)
        if not self._session.callbacks.call_function(called, apart=inspect.iscoroutinefunction(function)):
            answer.reject("Error", "too many calls wait, or the session has ended")


class _Answer:
    """The answer to one call."""

    def __init__(self, functions: Functions, caller: Caller, channel: int, call: int) -> None:
        self._functions = functions
        self._caller = caller
        self._channel = channel
        self._call = call

    def resolve(self, name: str, value: object) -> None:
        """Send the value.

        Raises
        ------
        TypeError
            If it cannot be sent.
        """
        text, buffers = encode_result(name, ("returned", self._call), value, self._functions)
        self._caller.answer(self._channel, text, buffers)

    def reject(self, name: str, message: str) -> None:
        """Let the promise be rejected."""
        error = {"name": name, "message": message[:_LONGEST_MESSAGE]}
        self._caller.answer(self._channel, to_json(["threw", self._call, error]), ())


class _Called:
    """One call, which the session's callbacks run. Exceptions go to the page and to whoever runs it."""

    def __init__(self, function: Callable[..., object], arguments: list[Any], answer: _Answer) -> None:
        self._function = function
        self._arguments = arguments
        self._answer = answer

    def __call__(self, _value: object) -> Coroutine[Any, Any, None] | None:
        try:
            result = self._function(*self._arguments)
            if asyncio.iscoroutine(result):
                return self._finish(result)
            self._answer.resolve(self._name, result)
        except BaseException as error:
            self._fail(error)
            raise
        return None

    async def _finish(self, coroutine: Coroutine[Any, Any, object]) -> None:
        try:
            self._answer.resolve(self._name, await coroutine)
        except BaseException as error:
            self._fail(error)
            raise

    def _fail(self, error: BaseException) -> None:
        if isinstance(
            error, asyncio.CancelledError
        ):  # by the end of the session, at which the page rejects all calls
            error = SessionClosedException("the call was cancelled")
        self._answer.reject(type(error).__name__, str(error))

    @property
    def _name(self) -> str:
        return getattr(self._function, "__name__", type(self._function).__name__)
