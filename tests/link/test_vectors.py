"""The Python link does what the vectors say, as the TypeScript link does."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nbsession._link import Buffer, Link, LinkSettings, Message, Parts, ProtocolError

VECTORS = Path(__file__).parent.parent / "vectors"

Json = dict[str, Any]


def scenarios() -> Iterator[Any]:
    for path in sorted(VECTORS.glob("*.json")):
        for scenario in json.loads(path.read_text())["scenarios"]:
            yield pytest.param(scenario, id=f"{path.stem}: {scenario['name']}")


def unpacked(buffer: str) -> bytes:
    return base64.b64decode(buffer[7:]) if buffer.startswith("base64:") else buffer.encode()


def buffers_of(step: Json) -> list[bytes]:
    return [unpacked(buffer) for buffer in step.get("buffers", [])]


def as_json(messages: list[Message]) -> list[Json]:
    return [
        {"channel": each.channel, "body": each.body, "buffers": in_bytes(each.buffers)} for each in messages
    ]


def expected_messages(messages: list[Json]) -> list[Json]:
    return [{**message, "buffers": buffers_of(message)} for message in messages]


def in_bytes(buffers: list[Buffer]) -> list[bytes]:
    return [bytes(buffer) for buffer in buffers]


def parts_of(step: Json) -> Parts:
    bodies: Parts | None = step.get("bodies")
    return buffers_of(step) if bodies is None else bodies


class Runner:
    def __init__(self, settings: Json) -> None:
        self.link = Link(LinkSettings(**settings))

    def send(self, step: Json) -> None:
        self.link.send(step["channel"], step["text"], buffers_of(step), now=step["now"])

    def transmit(self, step: Json) -> None:
        sent = [
            {"frame": out.frame, "buffers": in_bytes(out.buffers)} for out in self.link.transmit(step["now"])
        ]
        assert sent == [{"frame": out["frame"], "buffers": buffers_of(out)} for out in step["expect"]]

    def receive(self, step: Json) -> None:
        if step.get("error"):
            with pytest.raises(ProtocolError):
                self.link.receive(step["frame"], parts_of(step), step["now"])
            return
        arrivals = self.link.receive(step["frame"], parts_of(step), step["now"])
        came = [{"number": each.number, "messages": as_json(each.messages)} for each in arrivals]
        assert came == [{**each, "messages": expected_messages(each["messages"])} for each in step["expect"]]

    def deadline(self, step: Json) -> None:
        deadline, expected = self.link.deadline(), step["expect"]
        if expected == "now":
            assert deadline is not None
            assert deadline <= step["now"]
        else:
            assert deadline == (None if expected is None else pytest.approx(expected, abs=1e-6))

    def should_transmit(self, step: Json) -> None:
        assert self.link.should_transmit() is step["expect"]

    def renew(self, step: Json) -> None:
        in_doubt = self.link.renew(step["begun"], finished=step["finished"])
        assert as_json(in_doubt) == expected_messages(step["expect"])

    def drop(self, step: Json) -> None:
        self.link.drop(step["channel"])

    def waiting(self, step: Json) -> None:
        assert self.link.waiting(step.get("channel")) == step["expect"]

    def in_flight(self, step: Json) -> None:
        assert self.link.in_flight == step["expect"]


@pytest.mark.parametrize("scenario", list(scenarios()))
def test_the_link_does_as_the_vector_says(scenario: Json) -> None:
    runner = Runner(scenario.get("settings", {}))
    for index, step in enumerate(scenario["steps"]):
        try:
            getattr(runner, step["do"])(step)
        except AssertionError as error:
            error.args = (f"step {index} {json.dumps(step)}: {error}",)
            raise
