"""A reader on a fake page: waits for forms, and answers them as a page does."""

from __future__ import annotations

import json
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, cast

from tests.session.fake_platform import FakePage

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.page import Page
    from nbsession._core.session import Session

WITHIN = 10.0


class ReadersPage(FakePage):
    """A page that wakes whoever waits for a message."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = threading.Condition()
        self.session: Session | None = None

    def send(self, channel: int, text: str, buffers: Any = ()) -> None:
        message = json.loads(text)
        if message[0] == "sync" and self.session is not None:
            self.session.receive(["value", message[1], None], (), cast("Any", self))
            return
        with self.changed:
            super().send(channel, text, buffers)
            self.changed.notify_all()


class Reader:
    """Sees what a session shows, and sends what a page sends."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.page = ReadersPage()
        self.page.session = session
        session.delivery.attach(cast("Page", self.page))

    def wait_for(self, condition: Callable[[], Any]) -> Any:
        """Wait until a condition is true, and return its value."""
        with self.page.changed:
            assert self.page.changed.wait_for(condition, WITHIN), "the page was told nothing of the kind"
            return condition()

    def nodes(self, kind: str) -> list[dict[str, Any]]:
        """The nodes of a kind that the session shows, in order."""
        nodes = json.loads(self.session.outputs.snapshot().text)[1]
        return [node for node in nodes if node["kind"] == kind]

    def form(self, label: str | None = None) -> dict[str, Any]:
        """Wait for a form, and return its node."""
        forms = self.wait_for(
            lambda: [form for form in self.nodes("form") if label is None or form["label"] == label]
        )
        found: dict[str, Any] = forms[-1]
        return found

    def send(self, key: int, event: str, *rest: object) -> None:
        """Send an event of a form or a pin."""
        self.session.receive(["input", key, event, *rest], (), cast("Any", self.page))

    def submit(self, answers: dict[str, object], label: str | None = None) -> None:
        """Answer a form."""
        self.send(self.form(label)["key"], "submit", answers)

    def answer(self, raw: object, label: str | None = None) -> None:
        """Answer a form of one field."""
        form = self.form(label)
        self.send(form["key"], "submit", {form["fields"][0]["name"]: raw})

    def errors(self) -> dict[str, str]:
        """Wait for a form that shows errors, and return these."""
        forms = self.wait_for(lambda: [form for form in self.nodes("form") if form["errors"]])
        errors: dict[str, str] = forms[-1]["errors"]
        return errors


class Asked:
    """A call that waits for the reader, in a thread of its own."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._value: Any = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=copy_context().run, args=[self._run, call], daemon=True)
        self._thread.start()

    def _run(self, call: Callable[[], Any]) -> None:
        try:
            self._value = call()
        except BaseException as error:  # noqa: BLE001 -- raised by `result`
            self._error = error

    def peek(self, seconds: float) -> Any:
        """Wait a while for the call's end. Return its value; None if it still waits."""
        self._thread.join(seconds)
        return None if self._thread.is_alive() else self.result()

    def result(self) -> Any:
        """Wait for the call's end; return its value or raise its exception."""
        self._thread.join(WITHIN)
        assert not self._thread.is_alive(), "the call still waits"
        if self._error is not None:
            raise self._error
        return self._value
