"""Parsing step by step gives what parsing at once does."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from nbsession._link import ProtocolError, Stopped, decode, decode_gradually, gradual

SCALARS = [0, 1.5, -3, True, None, "", "a,b", 'q"\\', "]}", "é😀", "\ud83d", "\\ud83d\\ude00", "x" * 30]


def value(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.random()
    if depth > 4 or kind < 0.5:
        return chance.choice(SCALARS)
    if kind < 0.75:
        return [value(chance, depth + 1) for _ in range(chance.randrange(6))]
    return {
        chance.choice(["a", "b,", "c]", 'd"']): value(chance, depth + 1) for _ in range(chance.randrange(6))
    }


def spoilt(text: str, chance: random.Random) -> str:
    """Return a text in which a character was replaced, added or taken away."""
    at = chance.randrange(len(text))
    other: str = chance.choice(["", *',[]{}":1 \\'])
    return text[:at] + other + text[at + chance.randrange(2) :]


def outcome(parse: Any, data: bytes) -> object:
    try:
        return parse(data)
    except ProtocolError:
        return ProtocolError


@pytest.mark.parametrize("step", [1, 3, 8, 40])
@pytest.mark.parametrize("sound", [True, False])
def test_it_gives_the_same(monkeypatch: pytest.MonkeyPatch, *, step: int, sound: bool) -> None:
    monkeypatch.setattr(gradual, "_STEP", step)
    chance = random.Random(step)
    for _ in range(500):
        text = json.dumps([value(chance) for _ in range(6)], indent=chance.choice([None, 1]))
        data = (text if sound else spoilt(text, chance)).encode()
        assert outcome(decode_gradually, data) == outcome(decode, data)


def test_a_long_string_is_put_together_of_its_parts() -> None:
    text = "\\ud83d\\ude00\\\\ud83d" * 50_000
    assert decode_gradually(f'["{text}"]'.encode()) == decode(f'["{text}"]')


@pytest.mark.parametrize(
    "text", [b"[" * 200_000, b"[\xff]", b"[" + b"9" * 200_000 + b"]", b'["' + b"x" * 200_000]
)
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_gradually(text)


def test_lists_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradual, "_MOST_CONTAINERS", 100)
    with pytest.raises(ProtocolError, match="more than 100 lists and objects"):
        decode_gradually(json.dumps([[]] * 101).encode())


def test_it_stops_when_nobody_wants_the_value() -> None:
    with pytest.raises(Stopped):
        decode_gradually(b"[1, 2, 3]", lambda: True)
