"""A plain anywidget, without an interceptor: ipykernel handles its messages, with ``busy`` and ``idle`` for each.

A blocking cell gets no answer at all. An awaiting cell does from ipykernel 7.4 on, so this awaits.
"""

from __future__ import annotations

import asyncio
from statistics import median
from time import perf_counter
from typing import Any

import anywidget

from .bare import ECHO

TIMEOUT = 20.0


class PlainEcho(anywidget.AnyWidget):
    """Answers each message with a small one; does what `bare.Echo` does."""

    _esm = ECHO


class Plain:
    """Asks and awaits the page's answer."""

    def __init__(self) -> None:
        self._widget = PlainEcho()
        self._widget.on_msg(self._receive)
        self.answered = asyncio.Event()

    def _receive(self, widget: Any, content: Any, buffers: Any) -> None:  # noqa: ARG002
        self.answered.set()

    async def ask(self) -> None:
        self.answered.clear()
        self._widget.send({"ask": 1})
        await asyncio.wait_for(self.answered.wait(), TIMEOUT)


_plain: Plain | None = None


async def p50(count: int) -> float:
    """Return the median of so many round trips, in seconds."""
    global _plain  # noqa: PLW0603 -- a kernel of the bench runs nothing else
    if _plain is None:
        _plain = Plain()
        await _plain.answered.wait()
    taken = []
    for _ in range(count):
        began = perf_counter()
        await _plain.ask()
        taken.append(perf_counter() - began)
    return median(taken)
