"""``python -m tests.load.server``: a server that counts, in a process of its own.

Says its port, then answers lines on stdin, ``[name, argument]`` in JSON, with a line on stdout: see `COMMANDS`.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
import threading
import time
from statistics import quantiles
from typing import Any

import psutil

from nbsession import eval_js, hold
from nbsession.platform.server.process import allow_many_connections
from nbsession.platform.tornado import start_server
from nbsession.session import defer_call

PAUSE = 1.0
"""Seconds between two evals of a session."""


class Tally:
    """What the sessions have done."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.sessions: list[Record] = []
        self.deferred = 0

    def wait_for(self, condition: Any, timeout: float) -> bool:
        with self.changed:
            return bool(self.changed.wait_for(condition, timeout))


class Record:
    """What one session has done."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.times: list[float] = []
        self.wrong = 0
        with tally.changed:
            tally.sessions.append(self)
            tally.changed.notify_all()
        defer_call(self.ended)

    def expression(self) -> str:
        return f"{id(self)} + {len(self.times)}"

    def note(self, began: float, expected: str, value: object) -> None:
        took = time.perf_counter() - began
        with self.tally.changed:
            self.times.append(took)
            self.wrong += value != expected
            self.tally.changed.notify_all()

    def ended(self) -> None:
        with self.tally.changed:
            self.tally.deferred += 1
            self.tally.changed.notify_all()


tally = Tally()


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
    Record(tally)
    await hold()


def idle_thread() -> None:
    """Do nothing."""
    Record(tally)
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
    """Return the bytes of memory that the process has."""
    gc.collect()
    gc.collect()
    size: int = psutil.Process().memory_info().rss
    return size


def sessions(_: object) -> int:
    """Return how many sessions there have been."""
    return len(tally.sessions)


def deferred(count: int) -> int:
    """Wait until so many deferred functions have run, and return how many have."""
    tally.wait_for(lambda: tally.deferred >= count, 60)
    return tally.deferred


COMMANDS = {each.__name__: each for each in (evals, memory, sessions, deferred)}


async def serve() -> int:
    apps = [coroutine, thread, idle, idle_thread]
    handle = start_server(apps, port=0, reconnect_timeout=1.0)
    assert handle is not None  # in an event loop it does not block
    return handle.port


if __name__ == "__main__":
    allow_many_connections()
    print(asyncio.run(serve()), flush=True)
    for line in sys.stdin:
        name, argument = json.loads(line)
        print(json.dumps(COMMANDS[name](argument)), flush=True)
