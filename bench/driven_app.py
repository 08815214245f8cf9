"""An app that measures itself, on nbsession's server or on PyWebIO's. Run as a process of its own.

``python -m bench.driven_app SIDE PROTOCOL PORT BACKEND``. The app is driven by lines on stdin, ``[name, argument]`` in
JSON, and answers each with a line on stdout. Both sides run the same code: the names are the same.
"""

from __future__ import annotations

import importlib
import json
import sys
from statistics import median
from time import perf_counter
from typing import Any

SIDE, PROTOCOL, PORT, BACKEND = sys.argv[1:5]
MODULES = {("tornado", "http"): "tornado_http"}
session: Any = importlib.import_module(f"{SIDE}.session")
server: Any = importlib.import_module(f"{SIDE}.platform.{MODULES.get((BACKEND, PROTOCOL), BACKEND)}")


def p50(count: int) -> float:
    """Return the median of so many ``eval_js``, in seconds."""
    taken = []
    for _ in range(count):
        began = perf_counter()
        session.eval_js("1+1")
        taken.append(perf_counter() - began)
    return median(taken)


def burst(count: int) -> float:
    """Return the seconds of so many ``run_js`` in one loop and the ``eval_js`` that shows that all have run."""
    session.run_js("window.ran = 0")
    began = perf_counter()
    for _ in range(count):
        session.run_js("window.ran += 1")
    ran = session.eval_js("window.ran")
    taken = perf_counter() - began
    assert ran == count
    return taken


def save(size: int) -> float:
    """Return the seconds until the page has been through a download of so many bytes."""
    content = b"\x5a" * size
    began = perf_counter()
    handle = session.download("bench.bin", content)
    if handle is None:  # the original's page handles one message after the other
        session.eval_js("1")
    else:
        handle.wait()
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
    options = {} if BACKEND == "tornado" else {"protocol": PROTOCOL}
    server.start_server(app, port=int(PORT), host="127.0.0.1", cdn=False, **options)
