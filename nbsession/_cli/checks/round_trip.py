"""Checks the round trip of a value to nbsession's page in a headless Chromium."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from queue import Empty, Queue
from typing import TYPE_CHECKING

from .check import Check, State

if TYPE_CHECKING:
    from collections.abc import Iterator

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_NAME = "round trip"


def find_browser() -> str | None:
    """Return a Chromium on PATH, or None."""
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def check_round_trip(timeout: float) -> list[Check]:
    """Serve an app that gets a value from its page, and open the page.

    Parameters
    ----------
    timeout : float
        Seconds for the whole check.
    """
    browser = find_browser()
    if browser is None:
        return [Check(_NAME, State.SKIPPED, "no Chromium on PATH to open a page with")]
    from nbsession import eval_js  # noqa: PLC0415 -- not where there is no browser
    from nbsession.platform.tornado import start_server  # noqa: PLC0415

    values: Queue[tuple[object, float]] = Queue()

    def app() -> None:
        value = eval_js("6 * 7")
        started = time.perf_counter()
        eval_js("0")
        values.put((value, time.perf_counter() - started))

    async def serve() -> object:
        return start_server(app, port=0)  # in the background, because a loop is running

    handle = asyncio.run(serve())
    try:
        with _opened(browser, handle.url):  # type: ignore[attr-defined]
            value, seconds = values.get(timeout=timeout)
    except Empty:
        remedy = f"check that {browser} starts by hand, and that no proxy or firewall blocks 127.0.0.1"
        return [Check(_NAME, State.PROBLEM, f"{browser} sent no value within {timeout:g} s", remedy)]
    finally:
        handle.close()  # type: ignore[attr-defined]
    if value != 42:  # noqa: PLR2004
        return [Check(_NAME, State.PROBLEM, f"{browser} returned {value!r} for 6 * 7")]
    return [Check(_NAME, State.OK, f"{browser} answered, in {seconds * 1000:.1f} ms the second time")]


@contextlib.contextmanager
def _opened(browser: str, url: str) -> Iterator[None]:
    """Keep a page open in an own browser."""
    command = [browser, "--headless=new", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"]
    if sys.platform != "win32" and os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium has no sandbox for root
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(  # noqa: S603 -- a browser found on PATH
            [*command, f"--user-data-dir={profile}", "--remote-debugging-port=0", url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                if sys.platform == "win32":
                    process.kill()
                else:
                    os.killpg(process.pid, signal.SIGKILL)  # its children, too
            process.wait(5)
