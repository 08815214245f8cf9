"""The event loop of ``run_event_loop``, which runs the coroutine apps of WSGI applications."""

from __future__ import annotations

import asyncio

from .executor import LoopExecutor


class _Running:
    """The loop, while it runs."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None


_running = _Running()


def run_coroutine_loop(*, debug: bool) -> None:
    """Run the loop in this thread until it is stopped."""

    async def until_stopped() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(LoopExecutor())
        _running.loop = loop
        try:
            await loop.create_future()
        finally:
            _running.loop = None

    asyncio.run(until_stopped(), debug=debug)


def coroutine_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop if it runs."""
    return _running.loop
