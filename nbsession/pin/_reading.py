"""Reading pins, blocking or awaited."""

from __future__ import annotations

import sys
from threading import get_ident
from typing import TYPE_CHECKING, Any

from nbsession._core.barrier import until_reported, wait_until_reported
from nbsession._core.calling_code import called_from_coroutine
from nbsession._core.current import current_session

from ._registry import registry_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from nbsession._core.session import Session


def awaits(session: Session, frame: FrameType) -> bool:
    """Return whether the code at ``frame`` is a coroutine, or on the session's loop."""
    return session.loop_thread == get_ident() or called_from_coroutine(frame)


def read_one(name: str, *, strict: bool) -> Any:
    """Return the value of a pin, or a coroutine that does."""
    session = current_session()
    if awaits(session, sys._getframe(2)):
        coroutine = _awaited(session, name, strict=strict)
        coroutine.__qualname__ = f"pin.{name}: write await pin.{name} to get the value;"  # type: ignore[attr-defined]
        return coroutine
    return _values(session, [name], strict=strict)[name]


async def _awaited(session: Session, name: str, *, strict: bool) -> Any:
    return (await awaited_values(session, [name], strict=strict))[name]


def _values(session: Session, names: Sequence[str], *, strict: bool) -> dict[str, Any]:
    for each in _sessions(session, names, strict=strict):
        wait_until_reported(each)
    return _kept(session, names)


async def awaited_values(session: Session, names: Sequence[str], *, strict: bool) -> dict[str, Any]:
    """Await the values of pins."""
    for each in _sessions(session, names, strict=strict):
        await until_reported(each)
    return _kept(session, names)


def read_several(session: Session, names: Sequence[str]) -> dict[str, Any]:
    """Block for the values of pins."""
    return _values(session, names, strict=False)


def _sessions(session: Session, names: Sequence[str], *, strict: bool) -> list[Session]:
    """Return the sessions that show the pins, in a notebook possibly those of several cells."""
    registry = registry_of(session)
    found = []
    for name in names:
        pin = registry.find(name)
        if pin is not None:
            found.append(pin.session)
        elif strict:
            known = ", ".join(map(repr, registry.names())) or "none"
            msg = f"there is no pin {name!r} on the page; its pins are {known}"
            raise AssertionError(msg)
    return list(dict.fromkeys(found))


def _kept(session: Session, names: Sequence[str]) -> dict[str, Any]:
    session.check_open()  # pins of a closed session are gone, which is no value of theirs
    registry = registry_of(session)
    pins = ((name, registry.find(name)) for name in names)
    return {name: None if pin is None else pin.value for name, pin in pins}
