"""Examples on a served page."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import hold
from nbsession.output import put_text

from .window import NO_SOCKETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.examples.example import Example


def of_each(examples: Iterable[Example]) -> pytest.MarkDecorator:
    """Parametrize a test over examples, and over how the page talks to the server; `open_page` takes ``init``."""
    return pytest.mark.parametrize(
        ("example", "init"),
        [
            pytest.param(example, init, id=f"{transport}-{example}")
            for example in examples
            for transport, init in {"websocket": "", "http": NO_SOCKETS}.items()
            if example.over_http or not init
        ],
    )


def answering(ask: Callable[[], Any]) -> Callable[[], Any]:
    """An app that shows what a question returns; a coroutine function makes an app that awaits it."""
    if inspect.iscoroutinefunction(ask):

        async def awaiting() -> None:
            put_text(f"answer {await ask()!r}")

        return awaiting

    def app() -> None:
        put_text(f"answer {ask()!r}")

    return app


def staying(program: Callable[[], Any]) -> Callable[[], Any]:
    """An app that ends with its page; a coroutine function makes a coroutine app."""
    if inspect.iscoroutinefunction(program):

        async def awaiting() -> None:
            await program()
            await hold()

        return awaiting

    def app() -> None:
        program()
        hold()

    return app
