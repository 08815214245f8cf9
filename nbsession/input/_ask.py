"""Show a form and wait for its answers."""

from __future__ import annotations

import sys
from threading import get_ident
from typing import TYPE_CHECKING, Any

from nbsession._core.backlog import admit
from nbsession._core.brief import shorten
from nbsession._core.calling_code import called_from_coroutine
from nbsession.output._placement import showing_session

from ._form import Form
from ._unattended import answer_unattended
from ._way import Awaiting, Blocking, block

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._core.session import Session

    from ._fields.field import Field
    from ._form import Values
    from ._way import Way


def ask_one(function: str, field: Field) -> Any:
    """Ask one question. Its label becomes the heading of the form."""
    label, field.label = field.label, ""
    return _ask(function, label, [field], None, single=True, cancelable=False)


def ask_group(
    function: str,
    label: str,
    fields: Sequence[Field],
    validate: Callable[[Values], object] | None,
    *,
    cancelable: bool,
) -> Any:
    """Ask several questions together; see `input_group`."""
    return _ask(function, label, fields, validate, single=False, cancelable=cancelable)


def _ask(
    function: str,
    label: str,
    fields: Sequence[Field],
    validate: Callable[[Values], object] | None,
    *,
    single: bool,
    cancelable: bool,
) -> Any:
    session = showing_session(function)
    form = Form(session, label, fields, validate=validate, cancelable=cancelable)
    if session.loop_thread == get_ident() or called_from_coroutine(sys._getframe(3)):
        coroutine = _answer(session, form, Awaiting(), single=single)
        # Shown if an await is missing: in the repr, and in Python's "was never awaited" warning.
        coroutine.__qualname__ = f"{function}: write await {function}(...) to get the answer;"  # type: ignore[attr-defined]
        return coroutine
    return block(_answer(session, form, Blocking(session), single=single))


async def _answer(session: Session, form: Form, way: Way, *, single: bool) -> Any:
    __tracebackhide__ = True
    try:
        values = await _values(session, form, way)
        return values if values is None or not single else next(iter(values.values()))
    except BaseException as error:
        shorten(error)
        raise


async def _values(session: Session, form: Form, way: Way) -> Values | None:
    values = await answer_unattended(session, form, way)
    if values is not None:
        return values
    admit(session, session.delivery)
    values = None
    try:
        form.show()
        values = await form.run(way)
    finally:
        form.remove(answered=values is not None)
    return values
