"""The other side of some rows: PyWebIO over its own server, one page. Run as a process of its own.

The app is driven by lines on stdin, ``[name, argument]`` in JSON, and answers each with a line on stdout.
"""

from __future__ import annotations

import json
import sys
from statistics import median
from time import perf_counter

from pywebio.platform.tornado import start_server  # type: ignore[import-untyped]
from pywebio.session import download, eval_js, run_js  # type: ignore[import-untyped]


def p50(count: int) -> float:
    """Return the median of so many ``eval_js``, in seconds."""
    taken = []
    for _ in range(count):
        began = perf_counter()
        eval_js("1+1")
        taken.append(perf_counter() - began)
    return median(taken)


def burst(count: int) -> float:
    """Return the seconds of so many ``run_js`` in one loop and the ``eval_js`` that shows that all have run."""
    run_js("window.ran = 0")
    began = perf_counter()
    for _ in range(count):
        run_js("window.ran += 1")
    ran = eval_js("window.ran")
    taken = perf_counter() - began
    assert ran == count
    return taken


def save(size: int) -> float:
    """Return the seconds until the page has been through a download of so many bytes."""
    content = b"\x5a" * size
    began = perf_counter()
    download("bench.bin", content)
    eval_js("1")
    return perf_counter() - began


def first(argument: int) -> int:
    """Answer when a page is there."""
    return argument


def app() -> None:
    """Do what the lines say."""
    commands = {"p50": p50, "burst": burst, "save": save, "first": first}
    for line in sys.stdin:
        name, argument = json.loads(line)
        sys.stdout.write(json.dumps(commands[name](argument)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    start_server(app, port=int(sys.argv[1]), host="127.0.0.1", cdn=False)
