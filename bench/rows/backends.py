"""Values by HTTP on the servers of all frameworks, against values by WebSocket, and against what a request costs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.figures import MILLISECONDS, Goal, Row, interleave

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.stage import Stage

# Each with the one whose WebSocket its HTTP is held against: WSGI has none.
AGAINST = {
    "tornado": "tornado",
    "starlette": "starlette",
    "aiohttp": "aiohttp",
    "flask": "tornado",
    "django": "tornado",
}
EVALS = 200
GOAL = Goal(3)


def rows(stage: Stage, rounds: int) -> Iterator[Row]:
    """The issue asks for 3 times the round trip of the WebSocket at most.

    A value by HTTP is a request of the page, and an empty one takes Chromium longer than that: ten times as long as a
    message by WebSocket there and back, by whatever it is sent (XMLHttpRequest, fetch, keepalive, sendBeacon, in a
    worker). Half of it is the way up, so that answers which come down by a stream change little; a body that streams up
    goes by HTTP/2 only. So there are the figures of a page without a browser, too, which are the servers' own.
    """
    for backend, other in AGAINST.items():
        yield _server(stage, rounds, backend, other)
        yield from _browser(stage, rounds, backend, other)


def _server(stage: Stage, rounds: int, backend: str, other: str) -> Row:
    http, socket = stage.talked_to("http", backend), stage.talked_to("websocket", other)
    against = f"{other} by WebSocket"
    figures = interleave({"nbsession": partial(http.p50, EVALS), against: partial(socket.p50, EVALS)}, rounds)
    name = f"{backend}: eval_js over HTTP, p50, no browser"
    return Row(name, MILLISECONDS, figures["nbsession"], figures[against], ratio_goal=GOAL)


def _browser(stage: Stage, rounds: int, backend: str, other: str) -> Iterator[Row]:
    http, socket = stage.served("http", backend), stage.served("websocket", other)
    against, empty = f"{other} by WebSocket", "an empty request"
    figures = interleave(
        {
            "nbsession": partial(http.p50, EVALS),
            against: partial(socket.p50, EVALS),
            empty: partial(http.request, EVALS),
        },
        rounds,
    )
    name = f"{backend}: eval_js over HTTP, p50"
    yield Row(name, MILLISECONDS, figures["nbsession"], figures[against], ratio_goal=GOAL)
    yield Row(name, MILLISECONDS, figures["nbsession"], figures[empty])
