"""Fixtures of the output functions' tests: a session that shows on a page of a fake, and what it was told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from nbsession._core.scope import SessionScope, scope_var
from tests.session.fake_platform import FakePage, FakePlatform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbsession._core.page import Page
    from nbsession._core.session import Session


class Screen:
    """What a session shows, as a page would be told."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def nodes(self) -> list[dict[str, Any]]:
        """All nodes: parents before what is in them, neighbours in order."""
        message = self.session.outputs.snapshot()
        nodes: list[dict[str, Any]] = json.loads(message.text)[1]
        return nodes

    @property
    def only(self) -> dict[str, Any]:
        """The one node there is."""
        [node] = self.nodes
        return node

    @property
    def buffers(self) -> list[bytes]:
        return [bytes(buffer) for buffer in self.session.outputs.snapshot().buffers]

    def texts(self, parent: int | None = None) -> list[str]:
        """The texts in a node, in the root without."""
        return [node["text"] for node in self.nodes if "text" in node and node.get("parent") == parent]

    def scope(self, name: str) -> int:
        """The key of a scope."""
        [key] = [node["key"] for node in self.nodes if node["kind"] == "scope" and node["name"] == name]
        return int(key)


@pytest.fixture(autouse=True)
def session() -> Iterator[Session]:
    """A session as a cell's is, and the test's code as that cell's."""
    made = FakePlatform().session()
    token = scope_var.set(SessionScope(made))
    yield made
    scope_var.reset(token)


@pytest.fixture
def screen(session: Session) -> Screen:
    """What the session shows."""
    return Screen(session)


@pytest.fixture
def page(session: Session) -> FakePage:
    """A page that the session is attached to."""
    made = FakePage()
    session.delivery.attach(cast("Page", made))
    return made
