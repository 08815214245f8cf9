"""One notebook, open in one page: what a reader does with it and sees of it."""

from __future__ import annotations

import uuid
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from playwright.sync_api import Error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import BrowserContext, ConsoleMessage, Download, Locator

    from .jupyter_server import JupyterServer

HARNESS = (Path(__file__).parent / "harness.js").read_text(encoding="utf-8")
TIMEOUT = 60.0
"""Seconds; what every wait here gets unless told otherwise."""

# For a notebook whose page is reloaded and comes back to what was there: on a busy machine it can take longer than the
# 20 s that a page may be away.
AWAY_FOR_LONG = """
from nbsession._core.current import runtime
runtime.platform.page_registry.return_within = 300
"""


class NotebookPage:
    """A notebook in a page of its own.

    Indices of cells count from 0, negative ones from the end. Nothing here sleeps: each method returns when what it
    is named for has happened, or raises playwright's `TimeoutError`.

    Attributes
    ----------
    page
        Playwright's page, for all that is not here: clicks, keys, `page.evaluate`.
    console, page_errors
        What the page said: `ConsoleMessage` and `Error` objects of playwright, oldest first.
    downloads
        The downloads that the browser began, oldest first. ``download.path()`` waits for the end of one.
    """

    def __init__(
        self, context: BrowserContext, server: JupyterServer, path: str, *, busy: bool = False
    ) -> None:
        self.server = server
        self.path = path
        self.console: list[ConsoleMessage] = []
        self.page_errors: list[Error] = []
        self.downloads: list[Download] = []
        self.page = context.new_page()
        self.page.set_default_timeout(TIMEOUT * 1000)
        self.page.add_init_script(HARNESS)
        # Playwright puts an attribute on a handler, and a built-in method like `list.append` takes none.
        self.page.on("console", lambda message: self.console.append(message))
        self.page.on("pageerror", lambda error: self.page_errors.append(error))
        self.page.on("download", lambda download: self.downloads.append(download))
        # A notebook with unsaved changes asks before it is left.
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.goto(server.page_url(path, workspace=uuid.uuid4().hex), wait_until="commit")
        # The kernel starts while the page loads, which saves the test two seconds.
        server.start_kernel(path)
        if busy:
            self.wait_for("path => window.harness.shown(path)", path)
        else:
            self.wait_opened()

    def wait_opened(self, timeout: float = TIMEOUT) -> None:
        """Block until the notebook is shown and its kernel is idle."""
        self.wait_for("path => window.harness.opened(path)", self.path, timeout=timeout)

    def wait_idle(self, timeout: float = TIMEOUT) -> None:
        """Block until no cell runs or waits to run, and the kernel is idle."""
        self.wait_for("path => window.harness.idle(path)", self.path, timeout=timeout)

    def wait_running(self, index: int, timeout: float = TIMEOUT) -> None:
        """Block until the cell shows ``[*]`` and the kernel is busy.

        The cell's code may not have begun, and the kernel ignores an interrupt that comes before it has: let the code
        print something and use `wait_for_text` first.
        """
        self.wait_for(
            "([path, index]) => harness.isRunning(path, index) && harness.status(path) === 'busy'",
            [self.path, index],
            timeout=timeout,
        )

    def wait_for_text(self, index: int, text: str, timeout: float = TIMEOUT) -> None:
        """Block until an output of the cell shows `text`."""
        self.wait_for("args => window.harness.hasText(args)", [self.path, index, text], timeout=timeout)

    def wait_for_downloads(self, count: int, timeout: float = TIMEOUT) -> list[Download]:
        """Return all downloads when there are at least `count`."""
        while len(self.downloads) < count:
            self.page.wait_for_event("download", timeout=timeout * 1000)
        return self.downloads

    def wait_for(self, condition: str, argument: Any = None, timeout: float = TIMEOUT) -> None:
        """Block until a JavaScript function of one argument returns something true in the page."""
        self.page.wait_for_function(condition, arg=argument, timeout=timeout * 1000)

    def run(self, index: int, *, wait: bool = True, timeout: float = TIMEOUT) -> list[str]:
        """Run a cell; with `wait`, to its end.

        Returns
        -------
        list of str
            `outputs` at that moment: with ``wait=False`` most likely the last run's.
        """
        self._start("run", index)
        if wait:
            self.wait_idle(timeout)
        return self.outputs(index)

    def run_all(self, *, wait: bool = True, timeout: float = TIMEOUT) -> None:
        """Run all cells, as the menu's "Run All Cells" does; with `wait`, to the end of the last."""
        self._start("runAll")
        if wait:
            self.wait_idle(timeout)

    def execute(self, source: str, *, timeout: float = TIMEOUT) -> list[str]:
        """Append a cell, run it and return its outputs."""
        return self.run(self.append(source), timeout=timeout)

    def command(self, index: int, command: str) -> None:
        """Select a cell and execute a command of JupyterLab: ``"notebook:delete-cell"``, say."""
        self._call("command", index, command)

    def close_tab(self) -> None:
        """Close the notebook inside of JupyterLab; the kernel goes on."""
        self._call("closeTab")

    def open_tab(self) -> None:
        """Open it inside of JupyterLab again after `close_tab`, in the same document."""
        self._call("openTab")
        self.wait_opened()

    def mute(self, *, muted: bool) -> None:
        """Let the page send nothing on the kernel's shell channel, as when it sleeps; or again."""
        self._call("mute", muted)

    def interrupt(self) -> None:
        """Interrupt the kernel, as the stop button does."""
        self._call("interrupt")

    def restart(self, timeout: float = TIMEOUT) -> None:
        """Restart the kernel and wait until it is idle."""
        self._call("restart")
        self.wait_idle(timeout)

    def save(self) -> nbformat.NotebookNode:
        """Save the notebook and return what is then on disk."""
        self._call("save")
        saved: nbformat.NotebookNode = nbformat.read(self.server.root / self.path, as_version=4)
        return saved

    def reload(self) -> None:
        """Reload the page and wait until the notebook is open again. The kernel may be busy: see `reload_only`."""
        self.reload_only()
        self.wait_opened()

    def reload_only(self) -> None:
        """Reload the page, without waiting for anything in it."""
        self.page.reload(wait_until="commit")

    def append(self, source: str) -> int:
        """Add a code cell at the end and return its index."""
        return int(self._call("append", source))

    def remove(self, index: int) -> None:
        """Delete a cell."""
        self._call("remove", index)

    def replace_cells(self, sources: Sequence[str]) -> None:
        """Have these cells in place of all others, and no name defined in the kernel. The sessions of the cells before
        end when the next one runs."""
        self._call("replaceCells", list(sources))

    def set_source(self, index: int, source: str) -> None:
        """Replace the code of a cell."""
        self._call("setSource", index, source)

    def clear_output(self, index: int) -> None:
        """Remove a cell's outputs, as "Clear Cell Output" does."""
        self._call("clearOutput", index)

    def set_windowing(self, mode: str) -> None:
        """Set JupyterLab's windowing mode: which cells it draws, of those that are far away."""
        self._call("windowing", mode)

    def scroll_to(self, index: int) -> None:
        """Scroll a cell into sight."""
        self._call("scrollTo", index)

    def outputs(self, index: int) -> list[str]:
        """Return the text that the reader sees, one entry per output (prints in a row are one)."""
        outputs: list[str] = self._call("outputs", index)
        return outputs

    def text(self, index: int) -> str:
        """Return all outputs of a cell as one text."""
        return "\n".join(self.outputs(index))

    def output_models(self, index: int) -> list[dict[str, Any]]:
        """Return the cell's outputs as the notebook file would hold them."""
        models: list[dict[str, Any]] = self._call("outputModels", index)
        return models

    def status(self) -> str | None:
        """Return the kernel's status as the page knows it: ``idle``, ``busy``, ..., ``None`` without a kernel."""
        status: str | None = self._call("status")
        return status

    def comms(self) -> list[str]:
        """Return the ids of the comms that the page has open: one for the model of each widget."""
        ids: list[str] = self._call("comms")
        return ids

    def models(self) -> int:
        """Return how many models of widgets the page has."""
        return int(self._call("models"))

    def cell(self, index: int) -> Locator:
        """Return playwright's locator of a cell."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def output_area(self, index: int) -> Locator:
        """Return playwright's locator of a cell's output area, to find what is in it: buttons, views."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def screenshot(self, path: str | Path) -> None:
        """Write a PNG of what the window shows."""
        self.page.screenshot(path=path)

    def crash(self) -> None:
        """Kill the page's process: it says nothing any more."""
        with self.page.expect_event("crash"), suppress(Error):
            self.page.goto("chrome://crash", wait_until="commit")

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Stop the page's JavaScript, as when a browser puts a tab to sleep (which headless ones do not)."""
        devtools = self.page.context.new_cdp_session(self.page)
        devtools.send("Debugger.enable")
        devtools.send("Debugger.pause")
        try:
            yield
        finally:
            devtools.send("Debugger.disable")
            devtools.detach()

    def close(self) -> None:
        """Close the page, as the browser's tab is closed: its ``pagehide`` runs."""
        if not self.page.is_closed():
            self.page.close(run_before_unload=False)

    def _call(self, function: str, *arguments: Any) -> Any:
        """Call a function of harness.js and wait for what it promises."""
        return self.page.evaluate(
            "([name, path, args]) => window.harness[name](path, ...args)", [function, self.path, arguments]
        )

    def _start(self, function: str, *arguments: Any) -> None:
        """Call a function of harness.js without waiting for what it promises; `wait_idle` does."""
        self.page.evaluate(
            "([name, path, args]) => { window.harness[name](path, ...args).catch(console.error) }",
            [function, self.path, arguments],
        )
