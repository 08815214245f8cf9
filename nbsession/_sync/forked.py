"""Forked children: the objects of a process do not work in a child that is forked from it.

The child gets copies of the parent's sessions, of their next frame numbers, and of locks that were held by threads that
do not exist in the child. Frames of the child would have the numbers of the parent's next frames, and the page's
answers go to the parent. Therefore, every use of one of the parent's sessions raises an exception in the child, before
it takes a lock. Sessions that the child itself opens work: servers open them in forked workers.

This costs nothing in code that runs often: in the child, each of the parent's sessions is replaced in place.
"""

from __future__ import annotations

import os
import sys
import threading  # noqa: F401 -- its own hook, which makes the forking thread the main one, must run before ours
import traceback
import weakref
from typing import TYPE_CHECKING, NoReturn

from nbsession.exceptions import ForkedProcessError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

pid = os.getpid()
"""The identity of this process, without a system call.

An object that has stored another value was created by the parent.
"""
parent: int | None = None
"""The process that this one was forked from, if that process had imported nbsession."""

_sessions: weakref.WeakSet[object] = weakref.WeakSet()
_hooks: list[weakref.WeakMethod[Callable[[], None]]] = []


class ParentsSession:
    """Replaces one of the parent's sessions in a child. Every use raises an exception."""

    def __getattribute__(self, name: str) -> object:
        if name.startswith("__"):  # Python's own protocols request these: repr, isinstance
            return object.__getattribute__(self, name)
        return refuse()

    def __setattr__(self, name: str, value: object) -> None:
        refuse()

    def __repr__(self) -> str:
        return f"<Session of process {parent}>"


def note(session: object) -> None:
    """Make a session unusable in forked children."""
    _sessions.add(session)


def in_child(method: Callable[[], None]) -> None:
    """Call a method in each forked child, as long as its object lives.

    The child has only one thread then. Locks that the parent's other threads held stay locked, so they must be
    replaced.
    """
    _hooks[:] = [hook for hook in _hooks if hook() is not None]
    _hooks.append(weakref.WeakMethod(method))


def lost(session: object) -> bool:
    """Return whether a session is the parent's."""
    return type(session) is ParentsSession


def any_lost() -> bool:
    """Return whether the parent had sessions when this process was forked from it."""
    return any(map(lost, _sessions))


def check(session: object) -> None:
    """Raise ForkedProcessError if a session is the parent's."""
    if lost(session):
        refuse()


def check_made_here(maker: int) -> None:
    """Raise ForkedProcessError if the object that stored this `pid` was created by the parent."""
    if maker != pid:
        refuse()


def refuse() -> NoReturn:
    """Raise ForkedProcessError."""
    msg = (
        f"process {pid} was forked from process {parent}, and nbsession works only there: return the result to the "
        "parent process and call nbsession in it, or use threads (ThreadPoolExecutor with session.bind(function))"
    )
    raise ForkedProcessError(msg)


class EndsChildren:
    """A block of user code on one of this package's threads or loops. A child that leaves it ends there.

    The code after the block serves the parent's pages. A loop that continued in the child would take their messages.
    """

    __slots__ = ("_pid",)

    def __enter__(self) -> None:
        self._pid = pid

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pid != pid:
            _end(error)


def _end(error: BaseException | None) -> NoReturn:
    """End the child in the same way as Python does after an exception, or without one."""
    status: object = None
    if isinstance(error, SystemExit):
        status = error.code
    elif error is not None:
        traceback.print_exception(error)
        status = 1
    if status is not None and not isinstance(status, int):
        sys.stderr.write(f"{status}\n")
        status = 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status or 0)


def _begin() -> None:
    """Initialize a forked child, whose only thread is the forking one."""
    global pid, parent
    parent, pid = pid, os.getpid()
    for session in list(_sessions):
        session.__class__ = ParentsSession
    for hook in _hooks:
        method = hook()
        if method is not None:
            method()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin)
