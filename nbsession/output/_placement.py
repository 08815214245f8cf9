"""Where an output goes: the session of the calling code, a scope of it, and a place in that scope."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from nbsession._core.current import current_session
from nbsession._core.parts import current_part
from nbsession._core.tree import ROOT
from nbsession.exceptions import SessionNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbsession._core.session import Session

ROOT_NAME = "ROOT"

Scope = str | int | None
"""A scope's name, or how far down the entered ones it is: 0 is the root, -1 the current; None is the current, too."""


class Entered(NamedTuple):
    """The scopes that the calling code has entered, outermost first."""

    session: Session
    names: tuple[str, ...]


# Copied into tasks; of no effect in another session.
_entered: ContextVar[Entered | None] = ContextVar("nbsession_scopes", default=None)


class Place(NamedTuple):
    """Where an output goes; ``parent`` is None where there is no such scope."""

    session: Session
    parent: int | None
    position: int


def showing_session(function: str) -> Session:
    """Return the calling code's session, which must be open and have a view.

    Raises
    ------
    SessionNotFoundException
        If the calling code belongs to no session, or to one that has no place on the page.
    SessionClosedException
        If it has been closed.
    """
    session = current_session()
    session.check_open()
    if session.toasts:
        msg = (
            f"{function}() shows something in a cell's output or in an app, and this callback belongs to neither: wrap "
            "it with session.bind(function) in the cell whose output is to show it"
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
    """Run the body inside of these scopes."""
    token = _entered.set(Entered(session, names))
    try:
        yield
    finally:
        _entered.reset(token)


def find(
    function: str, scope: Scope, position: int = -1, *, undone: str = "shown", stacklevel: int = 3
) -> Place:
    """Return where ``function`` is to show something, or whatever ``undone`` says.

    Without a scope that is the innermost of the entered ones, see `innermost`. A warning that there is none of that
    name points at the caller's caller, or as far up as ``stacklevel`` says.
    """
    given: object = position
    if isinstance(given, bool) or not isinstance(given, int):
        msg = f"{function}() expects position to be an int, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    session = showing_session(function)
    if scope is None or scope == -1:
        return Place(session, innermost(session), position)
    key = scope_key(session, scope_name(function, session, scope))
    if key is None:
        hint = f"; put_scope({scope!r}) makes it" if undone == "shown" else ""
        warnings.warn(
            f"{function}(): this session has no scope {scope!r}, so nothing is {undone}{hint}",
            stacklevel=stacklevel,
        )
    return Place(session, key, position)


def innermost(session: Session) -> int:
    """Return the innermost of the entered scopes that is still there.

    For one that went with the scope around it, when another thread cleared that say, the scope around it takes its
    place: what is put there goes when that part of the page is rebuilt, and does not stay in the root.
    """
    for name in reversed(entered(session)):
        key = scope_key(session, name)
        if key is None:
            key = session.outputs.home(name)
        if key is not None:
            return key
    return ROOT


def scope_name(function: str, session: Session, scope: Scope) -> str:
    """Return the name of a scope that was given by name or by its index among the entered ones."""
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
        msg = f"{function}() was given scope={given}, but there {there} here ({', '.join(names)})"
        raise ValueError(msg) from None


def scope_key(session: Session, name: str) -> int | None:
    """Return the node of a scope; None where there is none."""
    key = ROOT if name == ROOT_NAME else session.outputs.named("scope", name)
    return key if key is not None and session.outputs.contains(key) else None
