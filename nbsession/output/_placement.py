"""Where an output goes: the session of the calling code, a scope of it, and a place in that scope."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from nbsession._core.current import current_session
from nbsession._core.parts import current_part
from nbsession._core.tree import ROOT
from nbsession.exceptions import SessionNotFoundException

from ._later_warning import LaterWarning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbsession._core.session import Session

ROOT_NAME = "ROOT"

Scope = str | int | None
"""A scope's name, or its index in the stack of entered scopes: 0 is the root, -1 and None are the current scope."""


class Entered(NamedTuple):
    """The scopes that the calling code has entered, outermost first."""

    session: Session
    names: tuple[str, ...]


# Copied into tasks; has no effect in another session.
_entered: ContextVar[Entered | None] = ContextVar("nbsession_scopes", default=None)


class Place(NamedTuple):
    """The place of an output; ``parent`` is None if there is no such scope, and ``warning`` then says so."""

    session: Session
    parent: int | None
    position: int
    warning: LaterWarning | None = None


def showing_session(function: str) -> Session:
    """Return the calling code's session, which must be open and have a view.

    Raises
    ------
    SessionNotFoundException
        If the calling code belongs to no session, or to one without a view.
    SessionClosedException
        If it has been closed.
    """
    session = current_session()
    session.check_open()
    if session.toasts:
        msg = (
            f"{function}() shows output in a cell or an app, and this callback belongs to neither: wrap it with "
            "session.bind(function) in the cell that should show the output"
        )
        raise SessionNotFoundException(msg)
    return session


def entered(session: Session) -> tuple[str, ...]:
    """Return the names of the scopes that the calling code has entered, from the root on."""
    found = _entered.get()
    names = found.names if found is not None and found.session is session else (ROOT_NAME,)
    part = current_part()
    if part is None or part.name in names:
        return names
    session.outputs.part(part.name, partial(part.show, session))
    return (*names, part.name)


@contextmanager
def within(session: Session, names: tuple[str, ...]) -> Iterator[None]:
    """Run the body inside these scopes."""
    token = _entered.set(Entered(session, names))
    try:
        yield
    finally:
        _entered.reset(token)


def find(
    function: str, scope: Scope, position: int = -1, *, undone: str = "shown", stacklevel: int = 3
) -> Place:
    """Return the place in which ``function`` shows something, or in which it does what ``undone`` names.

    Without a scope, it is the innermost entered scope, see `innermost`. The warning about a missing scope points at
    the caller's caller, or further up according to ``stacklevel``. It is issued at once, except for an output that
    may still move into another one.
    """
    given: object = position
    if isinstance(given, bool) or not isinstance(given, int):
        msg = f"{function}() expects position to be an int, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    session = showing_session(function)
    if scope is None or scope == -1:
        return Place(session, innermost(session), position)
    key = scope_key(session, scope_name(function, session, scope))
    if key is not None:
        return Place(session, key, position)
    hint = f"; create it with put_scope({scope!r})" if undone == "shown" else ""
    text = f"{function}(): this session has no scope {scope!r}, so nothing is {undone}{hint}"
    warning = LaterWarning(text, stacklevel)
    if undone != "shown":
        warning.issue()
    return Place(session, None, position, warning)


def innermost(session: Session) -> int:
    """Return the innermost entered scope that still exists.

    If a scope was removed together with its parent, for example because another thread cleared the parent, the parent
    takes its place. The output is then removed when that part of the page is rebuilt, and does not stay in the root.
    """
    for name in reversed(entered(session)):
        key = scope_key(session, name)
        if key is None:
            key = session.outputs.home(name)
        if key is not None:
            return key
    return ROOT


def scope_name(function: str, session: Session, scope: Scope) -> str:
    """Return the name of a scope, which is given by name or by its index in the stack of entered scopes."""
    names = entered(session)
    if scope is None:
        return names[-1]
    given: object = scope
    if isinstance(given, str):
        return given
    if isinstance(given, bool) or not isinstance(given, int):
        msg = f"{function}() expects scope to be a scope's name, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    try:
        return names[given]
    except IndexError:
        there = "is only 1 scope" if len(names) == 1 else f"are only {len(names)} scopes"
        msg = f"{function}() got scope={given}, but there {there} here ({', '.join(names)})"
        raise ValueError(msg) from None


def scope_key(session: Session, name: str) -> int | None:
    """Return the node of a scope; None if there is none."""
    key = ROOT if name == ROOT_NAME else session.outputs.named("scope", name)
    return key if key is not None and session.outputs.contains(key) else None
