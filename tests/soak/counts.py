"""What a notebook holds, in its kernel and in its page, after both have collected their garbage."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import CDPSession

    from tests.browser.notebook_page import NotebookPage

# Run once; then ``count()`` prints what there is, without what IPython keeps of cells: values, and what they displayed.
COUNT = """
import gc, json, os, threading
import comm, ipywidgets
from nbsession._core.session import Session
def count():
    from nbsession._core.current import runtime
    shell = get_ipython()
    shell.displayhook.flush()
    getattr(shell.history_manager, "outputs", {}).clear()
    for _ in range(3): gc.collect()
    kinds = {"kernel sessions": Session, "kernel widgets": ipywidgets.Widget}
    objects = gc.get_objects()
    counts = {name: sum(isinstance(each, kind) for each in objects) for name, kind in kinds.items()}
    counts |= {
        "kernel comms": len(comm.get_comm_manager().comms),
        "kernel threads": threading.active_count(),
        "kernel files": len(os.listdir("/proc/self/fd")),
        "kernel objects": len(objects),
        "kernel memory": int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE"),
    }
    print(json.dumps(counts))
"""
_METRICS = {"JSEventListeners": "page listeners", "Nodes": "page nodes", "JSHeapUsedSize": "page memory"}


class Counts:
    """Counts in one notebook.

    Parameters
    ----------
    notebook : NotebookPage
        Its page; a cell for the counting is appended.
    """

    def __init__(self, notebook: NotebookPage) -> None:
        self._notebook = notebook
        notebook.execute(COUNT)
        self._cell = notebook.append("count()")

    def take(self) -> dict[str, int]:
        """Count now."""
        notebook = self._notebook
        [printed] = notebook.run(self._cell)
        counts: dict[str, int] = json.loads(printed)
        counts["page comms"] = len(notebook.comms())
        counts["page models"] = notebook.models()
        with self._devtools() as devtools:
            devtools.send("HeapProfiler.collectGarbage")
            devtools.send("HeapProfiler.collectGarbage")
            for metric in devtools.send("Performance.getMetrics")["metrics"]:
                if metric["name"] in _METRICS:
                    counts[_METRICS[metric["name"]]] = int(metric["value"])
        return counts

    @contextmanager
    def _devtools(self) -> Iterator[CDPSession]:
        page = self._notebook.page
        devtools = page.context.new_cdp_session(page)
        try:
            devtools.send("Performance.enable")
            yield devtools
        finally:
            devtools.detach()
