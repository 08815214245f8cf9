"""The executor of this package's event loops, which runs blocking work: ``asyncio.to_thread``, files, DNS.

Python's own executor takes no work after the main thread has ended, and its module cannot be loaded then
(``threading._register_atexit`` raises an error; `nbsession.platform` loads it before). Other threads of a script
continue, and so does a server in one of them.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any

try:
    from concurrent.futures import Future, ThreadPoolExecutor
except RuntimeError as error:
    msg = (
        "nbsession was imported after the script's main thread had ended, when Python can no longer load the modules "
        "that a server needs: import it at the top of the script, or let the main thread join() this thread"
    )
    raise ImportError(msg) from error

if TYPE_CHECKING:
    from collections.abc import Callable


class LoopExecutor(ThreadPoolExecutor):
    """Python's own executor, which continues with one thread for each call after the main thread has ended."""

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="nbsession loop")
        self._stopped = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        try:
            return super().submit(fn, *args, **kwargs)
        except RuntimeError:
            if self._stopped or threading.main_thread().is_alive():
                raise
            return in_thread(partial(fn, *args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 -- Python's
        self._stopped = True
        super().shutdown(wait, cancel_futures=cancel_futures)


def in_thread(function: Callable[[], Any]) -> Future[Any]:
    """Call a function in a new thread, which Python waits for when it exits."""
    future: Future[Any] = Future()

    def run() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(function())
        except BaseException as error:  # noqa: BLE001 -- as in Python's own executor
            future.set_exception(error)

    # Not a daemon: Python also waits for the threads of its own executor.
    threading.Thread(target=run, name="nbsession work", daemon=False).start()
    return future
