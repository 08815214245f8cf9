"""Callbacks of outputs: their output goes to the scope of the output that called them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ._placement import entered, within

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from nbsession._core.session import Session


def calling(session: Session, function: Callable[[Any], object]) -> Callable[[Any], object]:
    """Return ``function`` wrapped to run inside the scopes that the calling code has entered."""
    names = entered(session)

    def call(value: object) -> object:
        with within(session, names):
            result = function(value)
        return awaited(result) if asyncio.iscoroutine(result) else result

    async def awaited(coroutine: Coroutine[Any, Any, object]) -> object:
        with within(session, names):
            return await coroutine

    return call
