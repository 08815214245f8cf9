"""``python -m tests.load.hostile PORT PROTOCOL``: hostile visitors, in a process of their own.

Answers lines on stdin, ``[name, argument]`` in JSON, with a line on stdout: see `COMMANDS`.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import Counter
from http.client import HTTPException

from nbsession._server.run.process import allow_many_connections

from .acts import ACTS

PORT, PROTOCOL = int(sys.argv[1]), sys.argv[2]
PAUSE = 1.0
"""Seconds between two acts of a visitor of a crowd."""


def once(name: str) -> float:
    """Do an act; return how many seconds it took."""
    began = time.perf_counter()
    ACTS[name].do(PORT, PROTOCOL)
    return time.perf_counter() - began


def crowd(argument: tuple[int, float]) -> dict[str, int]:
    """Have so many visitors do one act after the other for so many seconds; return how often each was done."""
    count, seconds = argument
    until = time.monotonic() + seconds
    done: Counter[str] = Counter()

    def be_hostile(number: int) -> None:
        choose = random.Random(number)
        while time.monotonic() < until:
            time.sleep(choose.uniform(0, 2 * PAUSE))
            name = choose.choice([name for name, act in ACTS.items() if PROTOCOL in act.protocols])
            try:
                ACTS[name].do(PORT, PROTOCOL)
            except (OSError, EOFError, HTTPException):
                done["turned away"] += 1
            else:
                done[name] += 1

    visitors = [threading.Thread(target=be_hostile, args=(number,)) for number in range(count)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return dict(done)


COMMANDS = {each.__name__: each for each in (once, crowd)}

if __name__ == "__main__":
    allow_many_connections()
    for line in sys.stdin:
        command, argument = json.loads(line)
        print(json.dumps(COMMANDS[command](argument)), flush=True)
