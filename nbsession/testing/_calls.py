"""Functions that were arguments of commands: a fake browser calls them as a page does."""

from __future__ import annotations

import itertools
import struct
import threading
from typing import TYPE_CHECKING, Any

from nbsession._core.foreign_values import ARRAYS
from nbsession._core.values import Encoded, decode, encode_output
from nbsession.exceptions import JSError, JSTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._link import Buffer

# Seconds that a call may take.
_WITHIN = 10.0


class Calls:
    """The calls of functions that have not been answered. Can be used on any thread.

    Parameters
    ----------
    tell : callable
        ``tell(channel, message)`` sends a message to Python.
    """

    def __init__(self, tell: Callable[[int, Encoded], object]) -> None:
        self._tell = tell
        self._next_number = itertools.count(1).__next__
        self._waiting: dict[int, _Waiting] = {}

    def call(self, channel: int, function: int, arguments: Sequence[object]) -> object:
        """Call a function and wait for its value; see `PythonFunction`."""
        call = self._next_number()
        waiting = self._waiting[call] = _Waiting()
        self._tell(channel, encode_output(("call", function, call), list(arguments)))
        try:
            if not waiting.done.wait(_WITHIN):
                msg = f"the function has not returned within {_WITHIN:g} s"
                raise JSTimeoutError(msg)
        finally:
            del self._waiting[call]
        name, value, *specials = waiting.answer
        if name == "threw":
            raise JSError(value["name"], value["message"])
        return decode(value, specials[0] if specials else None, waiting.buffers, Reader(self, channel))

    def settle(self, body: list[Any], buffers: Sequence[Buffer]) -> None:
        """Handle Python's answer to a call."""
        name, call, *value = body
        waiting = self._waiting.get(call)
        if waiting is not None:
            waiting.answer, waiting.buffers = [name, *value], buffers
            waiting.done.set()


class Reader:
    """Reads the special values of a session's commands.

    Attributes
    ----------
    functions : int
        The number of functions among them.
    """

    def __init__(self, calls: Calls, channel: int) -> None:
        self._calls = calls
        self._channel = channel
        self.functions = 0

    def __call__(self, kind: str, payload: list[Any], buffers: Sequence[Buffer]) -> object:
        """Return the value; see `decode`."""
        if kind == "function":
            self.functions += 1
            return PythonFunction(self._calls, self._channel, payload[0])
        if kind in ARRAYS:
            return [number for (number,) in struct.iter_unpack(f"<{ARRAYS[kind]}", buffers[payload[0]])]
        return NotImplemented


class _Waiting:
    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: list[Any] = []
        self.buffers: Sequence[Buffer] = ()


class PythonFunction:
    """A function that was an argument of a command. Calling it does what a call in JavaScript does, and waits.

    It raises ``JSError`` where the promise would be rejected, and ``JSTimeoutError`` after 10 s.
    """

    def __init__(self, calls: Calls, channel: int, number: int) -> None:
        self._calls = calls
        self._channel = channel
        self._number = number

    def __repr__(self) -> str:
        return f"<function {self._number} of session {self._channel}>"

    def __call__(self, *arguments: object) -> object:
        return self._calls.call(self._channel, self._number, arguments)
