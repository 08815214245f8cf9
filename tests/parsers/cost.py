"""What it costs to read something: memory, calls of Python and, where nothing better counts, time."""

from __future__ import annotations

import cProfile
import gc
import pstats
import time
import tracemalloc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def peak(action: Callable[[], object]) -> int:
    """Return the most bytes that were held at one time while something was done."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def calls(action: Callable[[], object]) -> int:
    """Count the calls that Python makes, which the machine's load changes nothing of."""
    profile = cProfile.Profile()
    profile.runcall(action)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def seconds(action: Callable[[], object]) -> float:
    """Return the time that the thread was at work, the best of three.

    Without that of the garbage collector, which looks through all that the tests have loaded.
    """
    took = []
    gc.disable()
    try:
        for _ in range(3):
            began = time.thread_time()
            action()
            took.append(time.thread_time() - began)
    finally:
        gc.enable()
    return min(took)
