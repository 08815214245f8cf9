"""Pings on a WebSocket, by calls in place of time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from nbsession._server.event_loop.pings import Pings


@dataclass
class Wire:
    heard: bool = True
    pinged: int = 0
    aborted: bool = False

    def ping(self) -> None:
        self.pinged += 1

    def abort(self) -> None:
        self.aborted = True


def looked(answers: list[bool]) -> Wire:
    """Return a socket that has been looked at once more than it was to answer, and has answered or not."""

    async def look() -> Wire:
        wire = Wire()
        pings = Pings(wire, wire.ping, every=3600)
        for answer in answers:
            pings.look()
            wire.heard = wire.heard or answer
        pings.look()
        pings.stop()
        return wire

    return asyncio.run(look())


def test_a_socket_that_answers_is_pinged_again() -> None:
    assert looked([True, True]) == Wire(heard=False, pinged=3)


@pytest.mark.parametrize("answers", [[False], [True, False]])
def test_a_socket_of_which_nothing_has_come_since_the_last_ping_is_aborted(answers: list[bool]) -> None:
    assert looked(answers).aborted


def test_a_socket_that_is_not_read_for_a_while_is_not_aborted_for_its_silence() -> None:
    async def wait() -> Wire:
        wire = Wire()
        pings = Pings(wire, wire.ping, every=3600)
        pings.look()
        pings.suspend()
        pings.resume()
        pings.look()
        pings.stop()
        return wire

    assert not asyncio.run(wait()).aborted
