"""What a page says on a session's channel, and Python does not believe."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from nbsession._core.call import Call
from nbsession._core.values import Encoded
from nbsession.exceptions import JSError

from .fake_platform import FakePage

if TYPE_CHECKING:
    from nbsession._core.session import Session

MIB = 1024 * 1024


@pytest.fixture
def call(session: Session) -> Call:
    """What waits for the answer to eval 7."""
    call = Call(session)
    session.delivery.ask(7, Encoded('["eval",7,"1",{}]', ()), call)
    return call


def test_a_value_that_nobody_waits_for_is_not_put_together(session: Session) -> None:
    specials = [[[index], "bytes", 0] for index in range(1000)]
    tracemalloc.start()
    try:
        session.receive(["value", 7, [None] * 1000, specials], [memoryview(bytes(MIB))], FakePage())
        assert tracemalloc.get_traced_memory()[1] < 2 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "message",
    [
        ["value", 7],
        ["value", 7, None, [[[], "bigint", 1e999]]],
        ["value", 7, None, [[[], "bytes", 3]]],
        ["value", 7, None, [[[0] * 1000, "nan"]]],
        ["value", 7, None, "specials"],
    ],
    ids=["no value", "an infinite bigint", "a buffer that is not there", "a path to nowhere", "no specials"],
)
def test_a_value_that_cannot_be_read_is_an_error_of_its_eval(
    session: Session, call: Call, message: list[object]
) -> None:
    session.receive(message, [], FakePage())
    with pytest.raises(JSError, match="ProtocolError"):
        call.result(0)
