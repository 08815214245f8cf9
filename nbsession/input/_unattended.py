"""Answers to forms without a reader: on a headless page, or without a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbsession.exceptions import UnansweredInputError

from ._answers import VARIABLE, Answers
from ._fields.field import NO_INITIAL

if TYPE_CHECKING:
    from nbsession._core.session import Session

    from ._fields.field import Field, Raw
    from ._form import Form, Values
    from ._way import Way


async def answer_unattended(session: Session, form: Form, way: Way) -> Values | None:
    """Return the values of a form that nobody sees; None if it waits for its page like an ``eval_js``.

    Raises
    ------
    UnansweredInputError
        If a field has neither an answer nor an initial value, or if a value is not valid.
    """
    if not session.unattended:
        return None
    answers = Answers(form)
    raws: dict[str, object] = {}
    unanswered = []
    for name, field in form.fields.items():
        given = answers.of(field)
        if given is NO_INITIAL:
            raw = field.initial()
        else:
            raw = _encoded(field, given, _title(form, field))
            await form.choose(name, raw, way)  # which may give later fields other options
        if raw is NO_INITIAL:
            unanswered.append(_title(form, field))
        else:
            raws[name] = raw
    if unanswered:
        if session.alone and not answers:
            return None
        raise UnansweredInputError(_advice(f"nobody can answer {', '.join(map(repr, unanswered))}"))
    if session.alone and not answers:
        return None
    values = await form.check(raws, way)
    if values is None:
        wrong = "; ".join(
            f"{_title(form, form.fields.get(name))}: {text}" for name, text in form.errors.items()
        )
        raise UnansweredInputError(_advice(f"nobody can correct the form's values ({wrong})"))
    if not session.alone:
        session.show()  # as a form that is answered: otherwise a cell saved in JupyterLab has one output more
    return values


def _encoded(field: Field, given: object, title: str) -> Raw:
    try:
        return field.encode(given)
    except ValueError as error:
        msg = f"{VARIABLE} has no possible answer for {title!r}: {error}"
        raise UnansweredInputError(msg) from None


def _title(form: Form, field: Field | None) -> str:
    return form.label if field is None else field.label or form.label or field.name


def _advice(what: str) -> str:
    return (
        f"{what}: give each field a valid initial value (value=...), or answer by label or name in a JSON file that "
        f'{VARIABLE} names, for example {VARIABLE}=answers.json with {{"Your age": 36}}'
    )
