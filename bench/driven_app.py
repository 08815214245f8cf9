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
output: Any = importlib.import_module(f"{SIDE}.output")
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


WATCH_TASKS = """
window.longest = 0;
new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
}).observe({ type: "longtask" });
"""


def texts(count: int) -> float:
    """Return the seconds of so many ``put_text`` and the ``eval_js`` that shows that the page has them."""
    output.clear()
    begin_watching()
    began = perf_counter()
    for number in range(count):
        output.put_text(f"line {number}")
    session.eval_js("1")
    return perf_counter() - began


def tables(count: int) -> float:
    """Return the seconds of so many changes of one cell in a table of 1,000 rows."""
    output.clear()
    rows = [["number", "name", "value"], *([str(number), "name", "value"] for number in range(1_000))]
    with output.use_scope("table"):
        table = output.put_table(rows)
        table.show()
    begin_watching()
    began = perf_counter()
    for number in range(count):
        rows[500][2] = str(number)
        if SIDE == "nbsession":
            table.update(rows)
        else:  # where a scope is shown again
            with output.use_scope("table", clear=True):
                output.put_table(rows).show()
    session.eval_js("1")
    return perf_counter() - began


def begin_watching() -> None:
    """Watch the page's tasks, and forget which was the longest until now."""
    session.eval_js("window.longest === undefined") and session.run_js(WATCH_TASKS)
    # To the original, undefined is no value.
    session.eval_js("new Promise(done => setTimeout(done, 300, window.longest = 0)).then(() => 1)")


def longest(wait: int) -> float:
    """Return the seconds of the page's longest task since then; 0 if all were below 50 ms."""
    return (
        float(session.eval_js("new Promise(done => setTimeout(() => done(longest), wait))", wait=wait)) / 1e3
    )


def first(argument: int) -> int:
    """Answer when a page is there."""
    return argument


def app() -> None:
    """Do what the lines say."""
    commands = {"p50": p50, "burst": burst, "save": save, "first": first}
    commands |= {"texts": texts, "tables": tables, "longest": longest}
    for line in sys.stdin:
        name, argument = json.loads(line)
        sys.stdout.write(json.dumps(commands[name](argument)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    options = {} if BACKEND == "tornado" else {"protocol": PROTOCOL}
    server.start_server(app, port=int(PORT), host="127.0.0.1", cdn=False, **options)
