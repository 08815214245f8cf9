"""Functions of Python that the page calls: arguments of commands, which are asynchronous functions in JavaScript."""

from __future__ import annotations

import inspect
import itertools
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

from .backlog import BACKLOG_LIMIT, admit
from .failure import UNTOLD, text_of
from .values import decode, encode_result, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from nbsession._link import Buffer
    from nbsession._sync.waiter import Waiter

    from .callbacks import Callbacks
    from .delivery import Delivery
    from .interfaces.channel import Caller

_LONGEST_MESSAGE = 10_000
_GONE = "this function of Python is not available any more"
# From this number of functions on, functions that a page calls cannot return further ones.
_MOST_RETURNED = 10_000
# A function among the specials of a command, in its JSON text. In a string, the quotes would have backslashes.
_NUMBERS = re.compile(r'"function",(\d+)\]')


class _Session(Protocol):
    """The parts of a session that its functions use."""

    number: int
    callbacks: Callbacks
    delivery: Delivery
    tells_failures: bool

    @property
    def alone(self) -> bool:
        """Whether no page can be expected."""
        ...

    def check_open(self) -> None:
        """Raise SessionClosedException if it has been closed."""
        ...

    def request_page(self) -> None:
        """Find or await a page."""
        ...

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        """Block the calling thread; see `Platform.wait`."""
        ...


class Functions:
    """The functions of one session that pages can call. Can be used on any thread.

    A function stays until the garbage collector of the page that has it drops it, the page is gone, its command is not
    sent, or the session ends. It runs where the session's callbacks run.

    Attributes
    ----------
    known : dict
        The functions by their numbers.
    """

    def __init__(self, session: _Session) -> None:
        self._session = session
        self._lock = InterruptSafeLock()
        self.known: dict[int, Callable[..., object]] = {}
        self._pages: dict[int, object] = {}  # the pages that were sent functions
        self._next_number = itertools.count(1).__next__

    def __len__(self) -> int:
        return len(self.known)

    def add(self, function: Callable[..., object]) -> int:
        """Register a function and return its number."""
        number = self._next_number()
        with self._lock:
            self.known[number] = function
        return number

    def discard(self, numbers: Iterable[object]) -> None:
        """Remove functions that no page has."""
        with self._lock:
            for number in numbers:
                if type(number) is int:
                    self.known.pop(number, None)
                    self._pages.pop(number, None)

    def sent(self, text: str, page: object) -> None:
        """Record that a page was sent the functions in a message."""
        if not self.known:
            return
        with self._lock:
            for number in _named(text):
                if number in self.known:
                    self._pages[number] = page

    def taken_back(self, text: str) -> None:
        """Record that a page has not got a message, which is sent again."""
        if not self.known:
            return
        with self._lock:
            for number in _named(text):
                self._pages.pop(number, None)

    def not_sent(self, text: str) -> None:
        """Remove the functions in a message that is not sent."""
        if not self.known:
            return
        self.discard(_named(text))

    def page_lost(self, page: object) -> None:
        """Remove the functions that a page had: its JavaScript context is gone."""
        with self._lock:
            numbers = [number for number, its in self._pages.items() if its is page]
        self.discard(numbers)

    def clear(self) -> None:
        """Remove all functions: the session has closed."""
        with self._lock:
            self.known.clear()
            self._pages.clear()

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
        if caller.waiting(self._session.number) > 2 * BACKLOG_LIMIT:
            caller.violate("it does not take the answers to its calls")
            return
        with self._lock:
            function = self.known.get(number) if type(number) is int else None
        answer = _Answer(self._session, self, caller, call)
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
        self._session.callbacks.call_function(
            called,
            apart=inspect.iscoroutinefunction(function),
            refused=partial(answer.reject, "Error", "too many calls of functions wait for the page"),
        )


class _Answer:
    """The answer to one call."""

    def __init__(self, session: _Session, functions: Functions, caller: Caller, call: int) -> None:
        self._session = session
        self._functions = functions
        self._caller = caller
        self._call = call

    def resolve(self, name: str, value: object) -> None:
        """Send the value. Waits while too much waits for the page.

        Raises
        ------
        TypeError
            If it cannot be sent.
        BacklogFullError
            If too much waits, on an event loop.
        """
        functions = self._functions
        admit(self._session, self._session.delivery)
        further = functions if len(functions) < _MOST_RETURNED else None
        text, buffers = encode_result(name, ("returned", self._call), value, further)
        self._caller.answer(self._session.number, text, buffers)
        functions.sent(text, self._caller)

    def fail(self, error: BaseException) -> None:
        """Let the promise be rejected with an exception of the function, if the visitor may see it."""
        if self._session.tells_failures:
            self.reject(type(error).__name__, text_of(error))
        else:
            self.reject("Error", UNTOLD)

    def reject(self, name: str, message: str) -> None:
        """Let the promise be rejected."""
        error = {"name": name, "message": message[:_LONGEST_MESSAGE]}
        self._caller.answer(self._session.number, to_json(["threw", self._call, error]), ())


class _Called:
    """One call, which the session's callbacks run. Exceptions go to the page and to whoever runs it."""

    def __init__(self, function: Callable[..., object], arguments: list[Any], answer: _Answer) -> None:
        self._function = function
        self._arguments = arguments
        self._answer = answer

    def __call__(self, _value: object) -> Coroutine[Any, Any, None] | None:
        try:
            result = self._function(*self._arguments)
            if inspect.iscoroutine(result):
                return self._finish(result)
            self._answer.resolve(self._name, result)
        except BaseException as error:
            self._answer.fail(error)
            raise
        return None

    async def _finish(self, coroutine: Coroutine[Any, Any, object]) -> None:
        try:
            self._answer.resolve(self._name, await coroutine)
        except BaseException as error:
            self._answer.fail(error)
            raise

    @property
    def _name(self) -> str:
        return getattr(self._function, "__name__", type(self._function).__name__)


def _named(text: str) -> list[int]:
    return [int(number) for number in _NUMBERS.findall(text)]
