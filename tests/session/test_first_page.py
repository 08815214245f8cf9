"""What a session's first page is sent of the outputs and commands before it, in the order of the calls."""

from __future__ import annotations

import json

import pytest

from nbsession import run_js
from nbsession._core.session import Session
from nbsession._core.values import Encoded

from .fake_platform import FakePage, FakePlatform


@pytest.fixture
def session() -> Session:
    """A session without a page."""
    return FakePlatform().session()


def run(session: Session, code: str) -> None:
    session.delivery.run(Encoded(f'["run","{code}",{{}}]', ()))


def told(session: Session) -> list[str]:
    """What the first page is sent: the code of commands, the changes of outputs, the texts of a snapshot."""
    page = FakePage()
    session.delivery.attach(page)  # type: ignore[arg-type]
    messages = [json.loads(text) for channel, text in page.sent if channel == session.number]
    return [_short(message) for message in messages]


def _short(message: list[object]) -> str:
    match message:
        case ["run", str(code), *_]:
            return code
        case ["snapshot", list(nodes), *_]:
            return f"snapshot {' '.join(node['text'] for node in nodes)}"
        case ["put", dict(node), *_]:
            return f"put {node['text']}"
        case _:
            return str(message[0])


def test_a_command_runs_between_the_outputs_before_it_and_those_after_it(session: Session) -> None:
    session.outputs.notice("info", "one")
    run(session, "1")
    session.outputs.notice("info", "two")
    run(session, "2")
    assert told(session) == ["snapshot one", "1", "put two", "2"]


def test_an_output_that_is_removed_before_there_is_a_page_is_there_for_its_commands(session: Session) -> None:
    key = session.outputs.notice("info", "one")
    run(session, "1")
    session.outputs.remove(key)
    run(session, "2")
    assert told(session) == ["snapshot one", "1", "remove", "2"]


def test_without_commands_the_page_gets_the_outputs_as_they_are(session: Session) -> None:
    session.outputs.remove(session.outputs.notice("info", "one"))
    session.outputs.notice("info", "two")
    assert told(session) == ["snapshot two"]


def test_more_than_8_mib_of_outputs_are_not_recorded(session: Session) -> None:
    run(session, "1")
    for text in "ab":
        session.outputs.put("text", text=text, content=bytes(5 * 1024 * 1024))
    run(session, "2")
    assert told(session) == ["snapshot a b", "1", "2"]


def test_dropped_commands_do_not_take_outputs_with_them(session: Session) -> None:
    run(session, "1")
    session.outputs.notice("info", "one")
    session.delivery.drop_backlog(0)
    run(session, "2")
    assert told(session) == ["snapshot one", "2"]


def test_a_withdrawn_command_leaves_the_outputs(session: Session) -> None:
    run(session, "1")
    session.outputs.notice("info", "one")
    session.delivery.withdraw(0, Encoded('["run","1",{}]', ()))
    assert told(session) == ["put one"]


@pytest.mark.parametrize(
    ("code", "args", "shown"),
    [
        ("element.append(1)", {}, True),
        ("[...element.children]", {}, True),
        ("a.element + $element + element_", {}, False),
        ("f(element)", {"element": 1}, False),
    ],
)
def test_code_that_uses_the_root_shows_a_view(
    session: Session, code: str, args: dict[str, object], shown: object
) -> None:
    with session.inside():
        run_js(code, **args)
    assert session.shown is shown
