"""The process of a browser that is none: it reads commands until there are no more."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import TYPE_CHECKING

import pytest

from nbsession._headless.browser_process import BrowserProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

TIMEOUT = 120.0


def command(_: Path) -> Sequence[str]:
    return ["sh", "-c", "echo hello >&4; exec cat <&3 >&2"]


def started(
    received: Callable[[bytes], object], ended: Callable[[], object]
) -> tuple[BrowserProcess, Callable[[], None]]:
    """Start it, and return it and what waits for its thread."""
    others = set(threading.enumerate())
    process = BrowserProcess(command, received, ended)
    process.start()
    (thread,) = (
        thread for thread in set(threading.enumerate()) - others if thread.name == "nbsession browser"
    )
    return process, lambda: thread.join(TIMEOUT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_it_says_and_nobody_understands_ends_it() -> None:
    ended = threading.Event()

    def received(data: bytes) -> None:
        raise ValueError(data)

    process, wait = started(received, ended.set)
    wait()
    assert ended.is_set()
    assert not process.folder.exists()


def test_nothing_of_it_is_kept_when_it_has_ended() -> None:
    process, wait = started(lambda _: None, lambda: None)
    process.close()
    wait()
    del wait
    kept = weakref.ref(process)
    del process
    gc.collect()
    assert kept() is None
