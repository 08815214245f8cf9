"""Large values of a visitor: they come whole, and keep nobody else waiting."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

from nbsession import eval_js, hold
from nbsession._core import behind
from nbsession._link import decode_gradually
from nbsession.output import put_text

from .visitor import NEVER

if TYPE_CHECKING:
    from .conftest import Serve, Visit

ROWS = [{"number": number, "name": "some text", "values": [1.5, 2.5]} for number in range(40_000)]


def test_a_large_value_comes_whole(serve: Serve, visit: Visit) -> None:
    def app() -> None:
        put_text(str(eval_js("rows") == ROWS))
        hold()

    visitor = visit(serve(app), evaluate=lambda _: ROWS)
    visitor.wait_for(lambda: visitor.texts)
    assert visitor.texts == ["True"]


def test_what_is_said_after_a_large_value_comes_after_it(serve: Serve, visit: Visit) -> None:
    got: list[str] = []

    async def app() -> None:
        async def ask(name: str) -> None:
            await eval_js(name)
            got.append(name)

        await asyncio.gather(ask("large"), ask("small"))
        put_text(" ".join(got))
        await asyncio.Event().wait()

    visitor = visit(serve(app), evaluate=lambda name: ROWS if name == "large" else 1)
    visitor.wait_for(lambda: visitor.texts)
    assert visitor.texts == ["large small"]


def test_the_loop_goes_on_while_a_large_value_is_parsed(
    serve: Serve, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsing, go = threading.Event(), threading.Event()
    parse = decode_gradually

    def slowly(*given: Any) -> Any:
        parsing.set()
        go.wait()
        return parse(*given)

    monkeypatch.setattr(behind, "decode_gradually", slowly)

    async def large() -> None:
        put_text(str(len(await eval_js("rows"))))
        await asyncio.Event().wait()

    server = serve({"large": large, "other": lambda: put_text("here")})
    visitor = visit(server, "&app=large", evaluate=lambda _: ROWS)
    try:
        visitor.wait_for(parsing.is_set)
        other = visit(server, "&app=other")
        other.wait_for(lambda: other.texts == ["here"])
    finally:
        go.set()
    visitor.wait_for(lambda: visitor.texts == [str(len(ROWS))])


def test_who_says_too_much_behind_a_large_value_is_closed(
    serve: Serve, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind, "_MOST_MESSAGES", 50)
    parsing, go = threading.Event(), threading.Event()

    def never(*_: object) -> Any:
        parsing.set()
        go.wait()

    monkeypatch.setattr(behind, "decode_gradually", never)

    async def app() -> None:
        await eval_js("rows")

    visitor = visit(serve(app), evaluate=lambda _: ROWS)
    try:
        visitor.wait_for(parsing.is_set)
        for _ in range(100):
            visitor.call(1, None)
        visitor.wait_for(lambda: visitor.ended)
    finally:
        go.set()
    assert "sent too much" in (visitor.ended or "")


def test_a_large_value_that_is_no_json_ends_its_page(serve: Serve, visit: Visit) -> None:
    visitor = visit(serve(lambda: eval_js("x")), evaluate=lambda _: NEVER)
    visitor.wait_for(lambda: visitor.evaluated)
    visitor.say_text_on_last_channel(json.dumps(["value", 1, ROWS])[:-1] + "x")
    visitor.wait_for(lambda: visitor.ended)
    assert "not JSON" in (visitor.ended or "")
