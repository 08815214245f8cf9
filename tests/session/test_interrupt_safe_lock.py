"""The guard: one thread at a time, and no interrupt of the main thread in between."""

from __future__ import annotations

import threading

import pytest

from nbsession._sync.interrupt_safe_lock import CriticalSection, InterruptSafeLock


def note(section: CriticalSection) -> None:
    """Do what a SIGINT handler does: strike, or note."""
    if section.depth:
        section.put_off(lambda: note(section))
    else:
        raise KeyboardInterrupt


def test_an_interrupt_outside_strikes_at_once() -> None:
    with pytest.raises(KeyboardInterrupt):
        note(CriticalSection())


def test_an_interrupt_inside_strikes_when_the_section_is_left() -> None:
    section, done = CriticalSection(), []
    with pytest.raises(KeyboardInterrupt), section:  # noqa: PT012
        note(section)
        done.append("all of it")
    assert done == ["all of it"]


def test_an_interrupt_inside_a_guard_strikes_when_it_is_unlocked() -> None:
    section = CriticalSection()
    guard = InterruptSafeLock(section)
    with pytest.raises(KeyboardInterrupt), guard:
        note(section)
    assert section.depth == 0
    assert _free(guard)


def test_an_interrupt_waits_for_the_outermost_section() -> None:
    section, done = CriticalSection(), []
    guard = InterruptSafeLock(section)
    with pytest.raises(KeyboardInterrupt), section:  # noqa: PT012
        with guard, InterruptSafeLock(section):
            note(section)
        done.append("after the inner ones")
    assert done == ["after the inner ones"]


def test_an_interrupt_strikes_once() -> None:
    section = CriticalSection()
    with pytest.raises(KeyboardInterrupt), section:
        note(section)
    with section:
        pass


def test_an_exception_of_the_body_comes_through_and_unlocks() -> None:
    section, text = CriticalSection(), "mine"
    guard = InterruptSafeLock(section)
    with pytest.raises(ValueError, match=text), guard:
        raise ValueError(text)
    assert section.depth == 0
    assert _free(guard)


def test_other_threads_are_not_counted() -> None:
    section = CriticalSection()
    guard = InterruptSafeLock(section)
    depths = []

    def work() -> None:
        with guard, section:
            depths.append(section.depth)

    _run(work)
    assert depths == [0]


def test_a_guard_keeps_other_threads_out() -> None:
    guard = InterruptSafeLock(CriticalSection())
    with guard:
        assert not _free(guard)
    assert _free(guard)


def test_a_guard_is_reentrant() -> None:
    """A finalizer that runs inside of it must not hang."""
    guard = InterruptSafeLock(CriticalSection())
    with guard, guard:
        pass
    assert _free(guard)


def test_reset_forgets_a_count_gone_wrong() -> None:
    section = CriticalSection()
    section.__enter__()
    section.put_off(lambda: pytest.fail("struck"))
    section.reset()
    with pytest.raises(KeyboardInterrupt):
        note(section)


def _free(guard: InterruptSafeLock) -> bool:
    free = []

    def attempt() -> None:
        if guard.enter_if_free():
            guard.__exit__(None, None, None)
            free.append(True)

    _run(attempt)
    return bool(free)


def _run(function: object) -> None:
    thread = threading.Thread(target=function)  # type: ignore[arg-type]
    thread.start()
    thread.join(60)
