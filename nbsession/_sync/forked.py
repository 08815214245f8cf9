"""Forked children: what a process has opened is of no use in a child that is forked from it.

The child gets copies of the parent's sessions, of the numbers of its next frames, and of locks that the parent's other
threads held, which do not exist in the child. Frames of the child would carry the numbers of the parent's next frames,
and the page's answers go to the parent. So every use of a session of the parent's raises in the child, before it takes
a lock. Sessions that the child itself opens work: a server opens them in workers that it has forked.

The code that runs often pays nothing for this: in the child each session of the parent's is replaced where it stands.
"""

from __future__ import annotations

import os
import sys
import threading  # noqa: F401 -- its own hook, which makes the forking thread the main one, is to come before ours
import traceback
import weakref
from typing import TYPE_CHECKING, NoReturn

from nbsession.exceptions import ForkedProcessError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

pid = os.getpid()
"""The identity of this process, without a system call: whoever has noted another one was made by the parent."""
parent: int | None = None
"""The process that this one was forked from, if it had imported nbsession."""

_sessions: weakref.WeakSet[object] = weakref.WeakSet()
_hooks: list[weakref.WeakMethod[Callable[[], None]]] = []


class ParentsSession:
    """What a session of the parent's is in a child: every use raises."""

    def __getattribute__(self, name: str) -> object:
        if name.startswith("__"):  # Python's own protocols ask for these: repr, isinstance
            return object.__getattribute__(self, name)
        return refuse()

    def __setattr__(self, name: str, value: object) -> None:
        refuse()

    def __repr__(self) -> str:
        return f"<Session of process {parent}>"


def note(session: object) -> None:
    """Have a session be of no use in children."""
    _sessions.add(session)


def in_child(method: Callable[[], None]) -> None:
    """Have a method called in each forked child, for as long as its object lives.

    The child has one thread then. Locks that the parent's other threads held stay locked: replace them.
    """
    _hooks[:] = [hook for hook in _hooks if hook() is not None]
    _hooks.append(weakref.WeakMethod(method))


def lost(session: object) -> bool:
    """Say whether a session is the parent's."""
    return type(session) is ParentsSession


def any_lost() -> bool:
    """Say whether the parent had sessions when this process was forked from it."""
    return any(map(lost, _sessions))


def check(session: object) -> None:
    """Raise ForkedProcessError if a session is the parent's."""
    if lost(session):
        refuse()


def check_made_here(maker: int) -> None:
    """Raise ForkedProcessError if something was made by the parent, to judge by the `pid` that it has noted."""
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
    """A block whose code is the user's, run by a thread or a loop of ours: a child that comes out of it ends there.

    Behind it are the copies of what serves the parent's pages. A loop that went on would take what they send.
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
    """End the child as Python ends at an exception, or without one."""
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
    """Be the child. The forking thread is its only one."""
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
