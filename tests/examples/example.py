"""A program and its reader."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .reader import Shown


@dataclass(frozen=True)
class Example:
    """An example.

    Attributes
    ----------
    program : callable
        A function or a coroutine function, of one of the modules of programs.
    reader : callable
        What the reader does with that and sees of it. Its name says what the example shows.
    over_http : bool
        Whether it is also shown on a served page without a WebSocket.
    endless : bool
        Whether the program does not end by itself.
    """

    program: Callable[[], Any]
    reader: Callable[[Shown], None]
    over_http: bool = False
    endless: bool = False

    def __str__(self) -> str:
        return self.reader.__name__ + ("-coroutine" if self.awaited else "")

    @property
    def awaited(self) -> bool:
        return inspect.iscoroutinefunction(self.program)

    @property
    def call(self) -> str:
        """The code of its call, where the text of its module has been run."""
        return f"{'await ' if self.awaited else ''}{self.program.__name__}()"
