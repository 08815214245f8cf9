"""Requests that break off while their bodies are read."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from nbsession._server.event_loop.polling import read_body

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.mark.parametrize("error", [asyncio.CancelledError, ConnectionResetError])
def test_the_page_s_connection_learns_of_it(error: type[BaseException]) -> None:
    """Aiohttp cancels whoever reads, even if the whole body has come."""
    endpoint, request = Mock(), Mock()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"half"
        raise error

    with suppress(asyncio.CancelledError):
        asyncio.run(read_body(endpoint, request, pieces()))
    endpoint.http_connections.broke_off.assert_called_once_with(request)
