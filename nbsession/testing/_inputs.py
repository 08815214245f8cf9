"""The answers of a fake browser to forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._core.values import encode_output
from nbsession.input._fields.field import NO_INITIAL
from nbsession.input._fields.files import LocalFiles
from nbsession.input._form import Form

from ._rules import UnansweredError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session
    from nbsession._core.values import Encoded
    from nbsession.input._fields.field import Field

    from ._nodes import Node


class InputRules:
    """Answers to forms by label or name. Each answer is used once, the last one again and again."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[object, ...]] = {}
        self._next: dict[str, int] = {}
        self._used: dict[tuple[int, int], set[str]] = {}

    def add(self, title: str, answers: tuple[object, ...]) -> None:
        """Answer the forms or fields with this label or name; see `FakeBrowser.answer_input`."""
        given: object = title
        if not isinstance(given, str):
            msg = f"answer_input() expects the label or the name of a field, not {type(given).__name__}: {given!r:.80}"
            raise TypeError(msg)
        if not answers:
            msg = f"answer_input({title!r}) expects an answer"
            raise TypeError(msg)
        self._answers[title] = answers
        self._next[title] = 0

    def answer(self, session: Session, node: Node, send: Callable[[Encoded], object]) -> None:
        """Answer a form that is shown, or shows errors. If there is no answer, the code that asks raises an error."""
        form = session.inputs.find(node["key"])
        if not isinstance(form, Form):  # removed in the meantime
            return
        errors = {name: text for name, text in node["errors"].items() if text}
        try:
            if errors and not any(
                self._has_more(title) for title in self._used.get((session.number, node["key"]), ())
            ):
                form.fail(_refusal(form, errors))
                return
            event = self._event(session, node["key"], form)
            if event is None:
                return
        except Exception as error:  # noqa: BLE001 -- raised by the code that asks
            form.fail(error)
            return
        send(event)

    def _event(self, session: Session, key: int, form: Form) -> Encoded | None:
        """Return the event that answers a form; None if it has been submitted here, with files."""
        used = self._used.setdefault((session.number, key), set())
        group: Any = self._take(form.label, used) if form.label in self._answers else {}
        if group is None:
            if not form.can_be_cancelled:
                msg = f"the fake browser cannot cancel {form.label!r}: the form has no button for that"
                raise UnansweredError(msg)
            return encode_output(("input", key), "cancel")
        if not isinstance(group, dict):
            group = {next(iter(form.fields)): group} if len(form.fields) == 1 else {}
        raws = {}
        for name, field in form.fields.items():
            raw = self._raw(field, group, used)
            if raw is NO_INITIAL:
                title = field.label or form.label or name
                msg = (
                    f"the fake browser has no answer for {title!r}; "
                    f"add one with fake_browser.answer_input({title!r}, value)"
                )
                raise UnansweredError(msg)
            raws[name] = raw
        if any(isinstance(raw, LocalFiles) for raw in raws.values()):
            form.submit(raws)
            return None
        return encode_output(("input", key, "submit"), raws)

    def _raw(self, field: Field, group: dict[str, Any], used: set[str]) -> object:
        for title in (field.name, field.label):
            if title in group:
                return field.encode(group[title])
            if title and title in self._answers:
                return field.encode(self._take(title, used))
        return field.initial()

    def _take(self, title: str, used: set[str]) -> object:
        used.add(title)
        answers, index = self._answers[title], self._next[title]
        self._next[title] = index + 1
        return answers[min(index, len(answers) - 1)]

    def _has_more(self, title: str) -> bool:
        return self._next[title] < len(self._answers[title])


def _refusal(form: Form, errors: dict[str, str]) -> UnansweredError:
    told = [
        f"{form.fields[name].label or form.label}: {text}" if name in form.fields else text
        for name, text in errors.items()
    ]
    return UnansweredError(f"the form refused the fake browser's answers: {'; '.join(told)}")
