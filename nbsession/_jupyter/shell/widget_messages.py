"""The messages of other comms, such as those of ipywidgets, while a cell waits.

ipykernel handles them only when no cell runs. This class handles them, on the main thread,

- during the waits of this package: a wait of the main thread reads the kernel's messages itself,
- while an async cell awaits: the cell's loop reads them. (ipykernel 7.4 does it by itself, but publishes no ``idle``,
  without which ipywidgets sends no further change of a widget.)

All other messages go to the kernel's own queue. Every message keeps its place behind those that arrived before it, only
that comm messages overtake execution requests, which wait for the end of the cell.

Callbacks run one after another, as in ipykernel. If a callback waits for the page, the next one does not run in the
meantime: it would finish first. Only a callback that waits for a widget lets others run (`Waiter.runs_callbacks`).
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import Context
from typing import TYPE_CHECKING, Any

from nbsession._core.scope import scope_var
from nbsession._sync.interrupt_safe_lock import MAIN

from . import _private, _private_outputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbsession._sync.waiter import Waiter

_DELIMITER = b"<IDS|MSG>"
_KINDS = frozenset({"comm_open", "comm_msg", "comm_close"})

_Frames = list[Any]
_PassOn = Callable[[_Frames], Any]


class WidgetMessages:
    """Handles comm messages while a cell runs. Unless noted, methods must be called on the main thread.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The running kernel.
    busy : callable
        Returns whether a cell runs.
    begun : callable
        Called with the packed header of each message before it is handled; publishes its ``busy``.
    done : callable
        Called with the packed header of each message that was handled; publishes its ``idle``.
    """

    def __init__(
        self,
        kernel: Any,
        busy: Callable[[], bool],
        *,
        begun: Callable[[bytes], None] = lambda _header: None,
        done: Callable[[bytes], None] = lambda _header: None,
    ) -> None:
        self._kernel = kernel
        self._session = kernel.session
        self._busy = busy
        self._begun = begun
        self._done = done
        self._log = _private.log(kernel)
        self._handling = 0  # the waits in the call stack that handle messages
        # Messages that were read and are neither handled nor passed on yet, in the order of their arrival.
        self._read: deque[tuple[_Frames, _PassOn]] = deque()
        # Comm messages that the kernel (ipykernel 7) has read and not begun to handle, and those that it must not.
        self._early: list[tuple[_Frames, _PassOn]] = []
        self._taken: list[_Frames] = []

    # -- reading

    def filter(self, frames: _Frames, pass_on: _PassOn) -> Any:
        """Keep a message that the main thread has read, or pass it on. May return the kernel's coroutine."""
        is_comm = self._is_comm(frames)
        if self._read or (is_comm and (self._handling or self._busy())):
            self._read.append((frames, pass_on))
            if not self._handling:
                self._handle_on_loop()
            return None
        result = pass_on(frames)
        if is_comm and inspect.iscoroutine(result):
            self._early.append((frames, pass_on))
        return result

    def begins(self, frames: _Frames) -> bool:
        """Return whether the kernel may handle a message, which it is about to do. Can be called on any thread."""
        if (
            threading.current_thread() is not threading.main_thread()
        ):  # a subshell's message, which is not read here
            return True
        if any(frames is taken for taken in self._taken):
            self._taken = [each for each in self._taken if each is not frames]
            return False
        self._early = [entry for entry in self._early if entry[0] is not frames]
        return True

    def _collect(self) -> None:
        """Take the messages that the kernel has queued behind the running cell."""
        queued = _private.take_queued(self._kernel, self._is_comm)
        self._read.extendleft(reversed([*queued, *self._early]))
        self._taken += [frames for frames, _ in self._early]
        self._early = []

    def _is_comm(self, frames: _Frames) -> bool:
        try:
            raw_header = frames[self._start(frames) + 2].bytes
            return b"comm_" in raw_header and self._session.unpack(raw_header)["msg_type"] in _KINDS
        except Exception:  # noqa: BLE001 -- the kernel reports unreadable messages
            return False

    @staticmethod
    def _start(frames: _Frames) -> int:
        start = 0
        while frames[start].bytes != _DELIMITER:
            start += 1
        return start

    # -- handling

    def handles(self, waiter: Waiter) -> bool:
        """Return whether messages are handled during this wait."""
        if waiter.runs_callbacks:
            return True
        parent = self._kernel.get_parent()
        return bool(parent) and parent["header"].get("msg_type") == "execute_request"

    @contextmanager
    def during(self, waiter: Waiter) -> Iterator[Callable[[], None]]:
        """Handle messages during a wait: call the given function when it has read some."""
        self._handling += 1
        try:
            self._collect()
            yield lambda: self._handle(waiter)
        finally:
            with MAIN:
                self._handling -= 1
                if not self._handling:
                    while self._read:
                        self._pass_on()

    def _handle(self, waiter: Waiter) -> None:
        while self._read and not waiter.released:
            self._handle_next()

    def _handle_on_loop(self) -> None:
        """Handle messages between two steps of an async cell."""
        self._handling += 1
        try:
            self._collect()
            while self._read:
                try:
                    self._handle_next()
                except (asyncio.CancelledError, KeyboardInterrupt):
                    # Stop, in a callback that waits. It also cancels the cell; here, it would end the kernel.
                    self._log.debug("a widget's callback was interrupted", exc_info=True)
        finally:
            self._handling -= 1

    def _pass_on(self) -> None:
        """Pass the oldest message to the kernel, which queues it."""
        frames, pass_on = entry = self._read.popleft()
        if not self.begins(frames):  # the kernel still has it
            self._early.append(entry)
            return
        try:
            # Not in the context of the waiting code, which belongs to a session.
            Context().run(_start, pass_on, frames)
        except Exception:  # noqa: BLE001 -- unrelated to the waiting call
            self._log.exception("the kernel could not handle a message")

    def _handle_next(self) -> None:
        frames, _ = self._read[0]
        if not self._is_comm(frames):
            with MAIN:
                self._pass_on()
            return
        start = self._start(frames)
        raw_header, signature = frames[start + 2].bytes, frames[start + 1].bytes
        begun = False
        before = MAIN.blocked

        def handle() -> None:
            nonlocal begun
            self._read.popleft()
            begun = True
            scope_var.set(None)  # a callback does not belong to the cell that waits
            self._call(idents, message)

        with MAIN:  # the interrupt comes below
            try:
                idents, rest = self._session.feed_identities(frames, copy=False)
                message = self._session.deserialize(rest, content=True, copy=False)
            except Exception:  # noqa: BLE001 -- as the kernel does
                self._read.popleft()
                self._log.exception("Invalid Message")
                return
            self._begun(raw_header)
        try:
            MAIN.blocked = False
            _private_outputs.in_answer_to(self._kernel, message, handle)
        finally:
            with MAIN:
                MAIN.blocked = before
                if not begun:  # interrupted: it is handled later, and must not count as a repetition then
                    _private.forget_signature(self._session, signature)
                self._flush()
                self._done(raw_header)
        if before and MAIN.overdue is not None:  # Stop, in an async cell
            MAIN.overdue()

    def _call(self, idents: list[bytes], message: dict[str, Any]) -> None:
        kind = message["header"]["msg_type"]
        try:
            if kind == "comm_msg":
                _private.tell_comm(self._kernel, message["content"]["comm_id"], message)
            elif kind == "comm_open":
                _private.open_comm(self._kernel, idents, message)
            else:
                _private.close_comm(self._kernel, idents, message)
        except Exception:  # noqa: BLE001 -- as the kernel does
            self._log.exception("Exception in a handler of %s", kind)

    def _flush(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()


def _start(pass_on: _PassOn, frames: _Frames) -> None:
    result = pass_on(frames)
    if inspect.isawaitable(result):
        asyncio.ensure_future(result)  # noqa: RUF006 -- as the stream does
