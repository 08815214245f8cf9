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


def rows(stage: Stage, rounds: int) -> Iterator[Row]:
    """The issue asks for 3 times the round trip of the WebSocket at most.

    A value by HTTP is a request of the page, and Chromium's take longer than that: so it is measured against an empty
    one, too.
    """
    for backend, other in AGAINST.items():
        http = stage.served("http", backend)
        socket, empty = f"{other} by WebSocket", "an empty request"
        figures = interleave(
            {
                "nbsession": partial(http.p50, EVALS),
                socket: partial(stage.served("websocket", other).p50, EVALS),
                empty: partial(http.request, EVALS),
            },
            rounds,
        )
        name = f"{backend}: eval_js round trip over HTTP, p50"
        yield Row(name, MILLISECONDS, figures["nbsession"], figures[socket], ratio_goal=Goal(3))
        yield Row(name, MILLISECONDS, figures["nbsession"], figures[empty])
