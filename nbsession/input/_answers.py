"""The file of answers that the environment names, for forms that nobody can answer."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock
from nbsession.exceptions import UnansweredInputError

from ._fields.field import NO_INITIAL

if TYPE_CHECKING:
    from ._fields.field import Field
    from ._form import Form

VARIABLE = "NBSESSION_INPUTS"
_IN_TURN = "in turn"


class _Turns:
    """How many of the answers that a file gives in turn have been taken, by their place in it."""

    def __init__(self) -> None:
        self._lock = InterruptSafeLock()
        self._taken: dict[tuple[str, ...], int] = {}

    def next(self, place: tuple[str, ...]) -> int:
        with self._lock:
            taken = self._taken.get(place, 0)
            self._taken[place] = taken + 1
        return taken


_turns = _Turns()


class Answers:
    """The file's answers to one form.

    Parameters
    ----------
    form : Form
        The form.

    Raises
    ------
    UnansweredInputError
        If the file cannot be read or is not a JSON object.
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        self._file = os.environ.get(VARIABLE, "").strip()
        self._all = _read(self._file) if self._file else {}
        # One form takes one of the answers that are given in turn, however many of its fields ask for it.
        self._taken: dict[tuple[str, ...], Any] = {}

    def __bool__(self) -> bool:
        return bool(self._all)

    def of(self, field: Field) -> Any:
        """Return the answer to a field, by its name or its label, or `NO_INITIAL`.

        The answer to a group's label may be an object that answers its fields.

        Raises
        ------
        UnansweredInputError
            If all answers that the file gives in turn have been taken.
        """
        label = self._form.label
        group = self._present(self._all[label], label) if label in self._all else None
        unnamed = field.name == type(field).name
        titles = (label,) if unnamed else (field.name, field.label or label)
        sources = [(group, (label,))] if isinstance(group, dict) else []
        for source, place in [*sources, (self._all, ())]:
            for title in titles:
                if title in source:
                    return self._present(source[title], *place, title)
        return NO_INITIAL

    def _present(self, given: Any, *place: str) -> Any:
        """Return an answer, or the one whose turn it is."""
        if not isinstance(given, dict) or list(given) != [_IN_TURN] or not isinstance(given[_IN_TURN], list):
            return given
        if place not in self._taken:
            answers = given[_IN_TURN]
            turn = _turns.next((self._file, *place))
            if turn >= len(answers):
                msg = (
                    f"{VARIABLE}={self._file} has no answer for {place[-1]!r} any more: it was asked {turn + 1} times, "
                    f"and the file has {len(answers)} answers in turn"
                )
                raise UnansweredInputError(msg)
            self._taken[place] = answers[turn]
        return self._taken[place]


def _read(file: str) -> dict[str, Any]:
    try:
        answers = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{VARIABLE}={file} cannot be read: {error}"
        raise UnansweredInputError(msg) from None
    if not isinstance(answers, dict):
        msg = f"{VARIABLE}={file} must contain a JSON object: labels or names of fields, and their answers"
        raise UnansweredInputError(msg)
    return answers
