"""``python -m tests.load.server [BACKEND]``: a server that counts, in a process of its own.

Says its port, then answers lines on stdin, ``[name, argument]`` in JSON, with a line on stdout: see `COMMANDS`.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import importlib
import json
import random
import sys
import threading
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import psutil

from nbsession import download, eval_js, hold, info
from nbsession._server.run.process import allow_many_connections
from nbsession.output import put_buttons, put_file
from nbsession.session import defer_call

from .complaints import Complaints

PAUSE = 1.0
"""Seconds between two evals of a session."""
MOMENT = 0.01
"""The same of one that does not rest."""
MIB = 2**20
LARGE_FILE = bytes(32 * MIB)


class Tally:
    """What the sessions have done."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.sessions: list[Record] = []
        self.began = 0
        self.deferred = 0

    def wait_for(self, condition: Any, timeout: float) -> bool:
        with self.changed:
            return bool(self.changed.wait_for(condition, timeout))

    def count(self) -> None:
        """Count the session whose app calls this."""
        defer_call(self._ended)  # raises if the session has ended by now
        with self.changed:
            self.began += 1

    def _ended(self) -> None:
        with self.changed:
            self.deferred += 1
            self.changed.notify_all()


class Record:
    """What one session that gets values has done."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.times: list[float] = []
        self.wrong = 0
        tally.count()
        with tally.changed:
            tally.sessions.append(self)
            tally.changed.notify_all()

    def expression(self) -> str:
        return f"{id(self)} + {len(self.times)}"

    def note(self, began: float, expected: str, value: object) -> None:
        took = time.perf_counter() - began
        with self.tally.changed:
            self.times.append(took)
            self.wrong += value != expected
            self.tally.changed.notify_all()


class Gaps:
    """The longest time that passed between two answers to the session that does not rest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = time.perf_counter()
        self._longest = 0.0

    def answered(self) -> None:
        with self._lock:
            now = time.perf_counter()
            self._longest = max(self._longest, now - self._last)
            self._last = now

    def begin(self) -> None:
        with self._lock:
            self._last, self._longest = time.perf_counter(), 0.0

    def longest(self) -> float:
        """Return it, what has lasted until now included."""
        with self._lock:
            return max(self._longest, time.perf_counter() - self._last)


tally = Tally()
gaps = Gaps()
complaints = Complaints()


async def coroutine() -> None:
    """Get a value each second."""
    record = Record(tally)
    await asyncio.sleep(random.uniform(0, PAUSE))
    while True:
        began, expected = time.perf_counter(), record.expression()
        record.note(began, expected, await eval_js(expected))
        await asyncio.sleep(max(0.0, began + PAUSE - time.perf_counter()))


def thread() -> None:
    """Get a value each second."""
    record = Record(tally)
    time.sleep(random.uniform(0, PAUSE))
    while True:
        began, expected = time.perf_counter(), record.expression()
        record.note(began, expected, eval_js(expected))
        time.sleep(max(0.0, began + PAUSE - time.perf_counter()))


async def idle() -> None:
    """Do nothing."""
    tally.count()
    await hold()


def idle_thread() -> None:
    """Do nothing."""
    tally.count()
    hold()


def restless() -> None:
    """Get values without a rest."""
    record = Record(tally)
    while True:
        began, expected = time.perf_counter(), record.expression()
        value = eval_js(expected)
        gaps.answered()
        record.note(began, expected, value)
        time.sleep(MOMENT)


def prey() -> None:
    """Look at the visitor, show things that call back, and ask for ever: what hostile visitors act on."""
    tally.count()
    str(info.user_agent)
    put_buttons(["press"], onclick=lambda _: None)
    put_file("a.txt", b"a")
    while True:
        eval_js("x")


def files() -> None:
    """Offer files that are far larger than what a connection holds."""
    tally.count()
    for number in range(32):
        download(f"{number}.bin", LARGE_FILE)
    hold()


def evals(rounds: int) -> dict[str, float]:
    """Wait until each session has got so many values more, and tell of those."""
    before = {record: len(record.times) for record in tally.sessions}
    began = time.perf_counter()
    everyone = tally.wait_for(
        lambda: all(len(record.times) >= count + rounds for record, count in before.items()), 10 * rounds + 60
    )
    seconds = time.perf_counter() - began
    with tally.changed:
        times = [took for record, count in before.items() for took in record.times[count:]]
        fewest = min(len(record.times) - count for record, count in before.items())
        wrong = sum(record.wrong for record in before)
    parts = quantiles(times, n=20)
    return {
        "everyone": everyone,
        "fewest": fewest,
        "wrong": wrong,
        "count": len(times),
        "seconds": seconds,
        "p50": parts[9],
        "p95": parts[18],
    }


def memory(_: object) -> int:
    """Return the bytes of memory that the process has, and has use for."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # glibc keeps what each thread has freed
        trim(0)
    size: int = psutil.Process().memory_info().rss
    return size


def peak(_: object) -> int:
    """Return the most bytes of memory that the process has had since `begin`."""
    return _status("VmHWM") * 1024


def threads(_: object) -> int:
    """Return how many threads the process has."""
    return _status("Threads")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:")))


def sessions(_: object) -> int:
    """Return how many sessions there have been."""
    return tally.began


def open_sessions(_: object) -> int:
    """Return how many sessions have not ended."""
    return tally.began - tally.deferred


def deferred(count: int) -> int:
    """Wait until so many deferred functions have run, and return how many have."""
    tally.wait_for(lambda: tally.deferred >= count, 60)
    return tally.deferred


def begin(_: object) -> None:
    """Measure gaps and the peak of memory from now on."""
    gaps.begin()
    Path("/proc/self/clear_refs").write_text("5")


def gap(_: object) -> float:
    """Return the longest gap since `begin`."""
    return gaps.longest()


def errors(_: object) -> list[str]:
    """Return what was logged at error level since somebody asked, and what nobody caught."""
    return complaints.take()


COMMANDS = {
    each.__name__: each
    for each in (evals, memory, peak, threads, sessions, open_sessions, deferred, begin, gap, errors)
}
APPS = [coroutine, thread, idle, idle_thread, restless, prey, files]


async def serve(backend: str) -> int:
    platform = importlib.import_module(f"nbsession.platform.{backend}")
    handle = platform.start_server(APPS, port=0, reconnect_timeout=0.3, session_expire_seconds=15.0)
    assert handle is not None  # in an event loop it does not block
    port: int = handle.port
    return port


if __name__ == "__main__":
    complaints.listen()
    allow_many_connections()
    print(asyncio.run(serve(*sys.argv[1:])), flush=True)
    for line in sys.stdin:
        name, argument = json.loads(line)
        print(json.dumps(COMMANDS[name](argument)), flush=True)
