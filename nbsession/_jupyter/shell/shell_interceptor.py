"""The interceptor: receives this package's comm messages while a cell is running.

ipykernel handles comm messages only when no cell runs. The interceptor is a filter in front of the callback that queues
the shell channel's messages. It takes the custom messages of this package's comms, and passes on all others unchanged
and in order.

- ipykernel 7 reads the shell channel on a separate thread. The filter runs there, whatever the main thread does.
- ipykernel 6 reads it on the main thread, which is occupied by the cell. A blocking wait of the main thread therefore
  reads the socket itself (`ShellInterceptor.wait`). If another thread waits while the main thread neither runs its loop
  nor waits here (``thread.join()``), no thread reads the socket.

A second filter, in front of the callback that handles the main thread's messages, lets widgets work while a cell waits
(`WidgetMessages`). On ipykernel 6, the two callbacks are the same one.
"""

from __future__ import annotations

import threading
import time
from contextvars import Context
from dataclasses import dataclass
from hmac import compare_digest
from math import ceil, inf
from typing import TYPE_CHECKING, Any

import zmq

from nbsession._sync.interrupt_safe_lock import MAIN
from nbsession.exceptions import UnsupportedKernelError

from . import _private
from .iopub import Publisher
from .wakeup_socket import STRETCH, WakeupSocket

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._link import Parts
    from nbsession._sync.waiter import Waiter

    from .startup_responder import StartupResponder
    from .widget_messages import WidgetMessages

_DELIMITER = b"<IDS|MSG>"


@dataclass(frozen=True, slots=True)
class CommMessage:
    """A custom message of one of this package's comms.

    Attributes
    ----------
    content : dict
        The envelope: ``data["content"]`` of the comm message.
    buffers : list of memoryview
        Its binary buffers. If a direct socket carried it as text: for each item, the list of its messages.
    header : dict
        The header of the Jupyter message, dates as text.
    """

    content: dict[str, Any]
    buffers: Parts
    header: dict[str, Any]


class ShellInterceptor:
    """Takes this package's comm messages before ipykernel queues them, and sends its messages without ipywidgets.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The kernel to listen on.
    noted : callable, optional
        Called instead of `taken` if the sender needs no ``idle`` (``needs_idle: false``).
    put_off : callable, optional
        Called instead of `taken` for heartbeats: the server counts publications of the kernel as activity, and would
        otherwise never end an idle kernel.
    reception : StartupResponder, optional
        Answers front ends' startup requests while a cell runs.
    taken : callable, optional
        Called with the raw header of each message taken, on the interceptor's thread, before the receiver. The kernel
        publishes no ``idle`` for it, so the callback must (`IdleStatuses.defer`).
    widget_messages : WidgetMessages, optional
        Handles the messages of other comms while a cell waits.

    Raises
    ------
    UnsupportedKernelError
        If the kernel offers no way to intercept messages.
    """

    def __init__(
        self,
        kernel: Any,
        *,
        taken: Callable[[bytes], None] | None = None,
        noted: Callable[[bytes], None] | None = None,
        put_off: Callable[[bytes], None] | None = None,
        startup_responder: StartupResponder | None = None,
        widget_messages: WidgetMessages | None = None,
    ) -> None:
        lack = _private.missing(kernel)
        if lack is not None:
            kind = type(kernel)
            msg = (
                f"{kind.__module__}.{kind.__qualname__} offers no way to receive messages while a cell runs: {lack}. "
                "nbsession needs ipykernel 6.29 or newer, started as a Jupyter kernel"
            )
            raise UnsupportedKernelError(msg)
        self._kernel = kernel
        self._session = kernel.session
        self._stream = _private.shell_stream(kernel)
        self._threaded = _private.shell_thread(kernel) is not None
        self._log = _private.log(kernel)
        self._taken = taken
        self._noted = noted
        self._put_off = put_off
        self._startup_responder = startup_responder
        self._main_stream = _private.main_stream(kernel)
        self._widget_messages = None if self._main_stream is None else widget_messages
        self._main_original: Callable[[list[Any]], Any] | None = None
        self._change = threading.Lock()
        self._receivers: dict[str, Callable[[CommMessage], None]] = {}
        self._marks: tuple[bytes, ...] = ()
        self._original: Callable[[list[Any]], Any] | None = None
        self._undo: Callable[[], None] = lambda: None
        self._undo_main: Callable[[], None] = lambda: None
        # One object each: every attribute access creates a new bound method.
        self._installed = self._filter
        self._main_installed = self._filter_main
        self._publisher = Publisher(kernel)
        self._main = threading.main_thread().ident
        self._poller: zmq.Poller | None = None
        self._bell: WakeupSocket | None = None
        self._looking = False

    @property
    def threaded(self) -> bool:
        """Whether messages are received on a separate thread (ipykernel 7), not in the main thread's waits."""
        return self._threaded

    @property
    def receivers(self) -> dict[str, Callable[[CommMessage], None]]:
        """The functions that receive the messages of comms, by the comms' ids."""
        return dict(self._receivers)

    def open(self, comm_id: str, receive: Callable[[CommMessage], None]) -> None:
        """Pass a comm's custom messages to `receive` from now on. Can be called on any thread.

        Parameters
        ----------
        comm_id : str
            The comm's id, in ASCII.
        receive : callable
            Called with each message on the interceptor's thread: the shell channel's (ipykernel 7) or the main thread
            (6). It should be fast. Its exceptions are logged.
        """
        with self._change:
            self._listen({**self._receivers, comm_id: receive})
            self._install()

    def install(self) -> None:
        """Let widgets work while a cell waits, even if no comm is open. Can be called repeatedly, on any thread."""
        with self._change:
            self._install()

    def _install(self) -> None:
        if self._original is None:
            self._original = _private.receiver(self._stream)
            _private.set_receiver(self._stream, self._installed)
            self._undo = _private.look_after_replies(self._kernel)
            self._install_main()

    def close(self, comm_id: str) -> None:
        """Leave the comm's messages to the kernel again. Can be called on any thread."""
        with self._change:
            self._listen({key: value for key, value in self._receivers.items() if key != comm_id})

    def uninstall(self) -> None:
        """Close all comms and restore the kernel's callback.

        If another package has replaced it, pass all messages on.
        """
        with self._change:
            self._listen({})
            if self._original is not None and _private.receiver(self._stream) is self._installed:
                _private.set_receiver(self._stream, self._original)
                self._original = None
                self._undo()
                self._uninstall_main()

    def _install_main(self) -> None:
        if self._widget_messages is None:
            return
        self._undo_main = _private.before_dispatch(self._kernel, self._widget_messages.begins)
        if self._threaded:
            self._main_original = _private.receiver(self._main_stream)
            _private.set_receiver(self._main_stream, self._main_installed)

    def _uninstall_main(self) -> None:
        self._undo_main()
        main = self._main_original
        if main is not None and _private.receiver(self._main_stream) is self._main_installed:
            _private.set_receiver(self._main_stream, main)
            self._main_original = None

    def _listen(self, receivers: dict[str, Callable[[CommMessage], None]]) -> None:
        self._receivers = receivers
        self._marks = tuple(comm_id.encode("ascii") for comm_id in receivers)

    # -- receiving

    def deliver(
        self,
        comm_id: str,
        content: dict[str, Any],
        buffers: Sequence[Any] = (),
        header: dict[str, Any] | None = None,
    ) -> None:
        """Pass a message to the comm's receiver that arrived in another way.

        Messages that the kernel had queued before the interceptor was open reach the widget's ``on_msg``. For these,
        the kernel publishes the status itself.
        """
        receive = self._receivers.get(comm_id)
        if receive is not None:
            self._give(
                receive, CommMessage(content, [memoryview(buffer) for buffer in buffers], header or {})
            )

    def _filter(self, frames: list[Any]) -> Any:
        """Filter a message, on the thread of the kernel's callback.

        May return the callback's coroutine to the stream.
        """
        if self._take(frames) or (
            self._startup_responder is not None and self._startup_responder.take(frames)
        ):
            return None
        original = self._original
        if original is None:  # just uninstalled: the kernel's callback has been restored
            original = _private.receiver(self._stream)
        if self._threaded or self._widget_messages is None:
            return original(frames)
        return self._widget_messages.filter(frames, original)

    def _filter_main(self, frames: list[Any]) -> Any:
        """Filter a message that the shell channel's thread has passed to the main thread (ipykernel 7)."""
        original = self._main_original
        if original is None:  # just uninstalled
            original = _private.receiver(self._main_stream)
        if self._widget_messages is None:
            return original(frames)
        return self._widget_messages.filter(frames, original)

    def _take(self, frames: list[Any]) -> bool:
        try:
            found = self._read(frames)
        except Exception:  # noqa: BLE001 -- the kernel reports unreadable messages
            self._log.debug("the interceptor could not read a message", exc_info=True)
            return False
        if found is None:
            return False
        receive, message, raw_header = found
        note = self._noted if message.content.get("needs_idle") is False else self._taken
        if "alive" in message.content:
            note = self._put_off if note is self._taken else None
        if note is not None:
            try:
                note(raw_header)
            except Exception:  # noqa: BLE001 -- the message still counts
                self._log.exception("the interceptor could not record a message")
        self._give(receive, message)
        return True

    def _give(self, receive: Callable[[CommMessage], None], message: CommMessage) -> None:
        try:
            receive(message)
        except Exception:  # noqa: BLE001 -- logged in the kernel's log
            self._log.exception("nbsession could not handle a message from the page")

    def _read(self, frames: list[Any]) -> tuple[Callable[[CommMessage], None], CommMessage, bytes] | None:
        """Return the receiver, the message and its raw header if it is this package's message.

        A message that is passed on must not be deserialized by ``Session.deserialize``, which would record it and
        reject it later for the kernel. Other messages are checked as there, at a fifth of the cost: nothing is parsed
        twice, and no dates are created.
        """
        start = 0
        while frames[start].bytes != _DELIMITER:
            start += 1
        raw_header = frames[start + 2].bytes
        if b"comm_msg" not in raw_header:
            return None
        raw_content = frames[start + 5].bytes
        if not any(mark in raw_content for mark in self._marks):
            return None
        signature = frames[start + 1].bytes
        session = self._session
        if session.auth is not None:
            signed = session.sign([raw_header, frames[start + 3].bytes, frames[start + 4].bytes, raw_content])
            if signature in session.digest_history or not compare_digest(signature, signed):
                return None
        header = session.unpack(raw_header)
        if header["msg_type"] != "comm_msg":
            return None
        content = session.unpack(raw_content)
        receive = self._receivers.get(content["comm_id"])
        data = content["data"]
        if receive is None or data.get("method") != "custom" or not isinstance(data.get("content"), dict):
            return None
        _private.remember_signature(session, signature)
        buffers = [frame.buffer for frame in frames[start + 6 :]]
        return receive, CommMessage(data["content"], buffers, header), raw_header

    # -- sending

    def publish(self, comm_id: str, content: Mapping[str, object], buffers: Sequence[Any] = ()) -> None:
        """Send a custom message to the comm's model in all pages, in the order of the calls.

        Can be called on any thread.
        """
        self._publisher.send(comm_id, content, buffers)

    def publish_display(
        self,
        parent: Mapping[str, Any],
        data: Mapping[str, object],
        metadata: Mapping[str, object] | None = None,
        *,
        display_id: str | None = None,
        update: bool = False,
    ) -> None:
        """Display data as output of the cell with the message `parent`, on any thread. See `Publisher.display`."""
        self._publisher.display(parent, data, metadata, display_id=display_id, update=update)

    def publish_stderr(self, parent: Mapping[str, Any], text: str) -> None:
        """Write text to stderr of the cell with the message `parent`. Can be called on any thread."""
        self._publisher.stderr(parent, text)

    # -- waiting

    def wait(self, waiter: Waiter, timeout: float | None = None) -> bool:
        """Block the calling thread until the waiter is released. Can be called on any thread.

        On the main thread, SIGINT raises KeyboardInterrupt here, even if the cell's own handler would only cancel a
        coroutine. No received message is lost.

        Parameters
        ----------
        waiter : Waiter
            The waiter, which a receiver or any thread releases.
        timeout : float, optional
            The maximum seconds; None for no limit.

        Returns
        -------
        bool
            Whether the waiter was released.
        """
        if threading.get_ident() != self._main:
            return waiter.wait(timeout)
        before = MAIN.blocked
        try:
            MAIN.blocked = True  # first: from here on, a signal raises
            if MAIN.overdue is not None:
                MAIN.overdue()
            widget_messages = self._widget_messages
            if widget_messages is not None and widget_messages.handles(waiter):
                with widget_messages.during(waiter) as handle:
                    return self._pump(waiter, timeout, handle)
            return self._stand_by(waiter, timeout) if self._threaded else self._pump(waiter, timeout)
        finally:
            MAIN.blocked = before

    def _stand_by(self, waiter: Waiter, timeout: float | None) -> bool:
        """Wait in the main thread, and answer startup requests of pages in the meantime."""
        startup_responder = self._startup_responder
        if startup_responder is None:
            return waiter.wait(timeout)
        left = inf if timeout is None else timeout
        while True:
            if startup_responder.waiting:
                startup_responder.answer()
            if waiter.wait(min(left, STRETCH)):
                return True
            left -= STRETCH
            if left <= 0:
                return False

    def _pump(self, waiter: Waiter, timeout: float | None, handle: Callable[[], None] = lambda: None) -> bool:
        """Read the main thread's messages until the waiter is released.

        `handle` is called outside of critical sections after messages have been read.
        """
        deadline = inf if timeout is None else time.monotonic() + timeout
        poller, bell = self._polled()
        waiter.wake = bell.ring
        try:
            handle()
            while not waiter.released:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                ready = poller.poll(ceil(min(left, STRETCH) * 1000))
                with MAIN:  # a signal here is deferred until received messages are passed on
                    self._read_ready(ready, bell)
                handle()
        finally:
            waiter.wake = None
            if not self._looking:
                self._looking = True
                Context().run(self._main_stream.io_loop.add_callback, self._look)
        return waiter.released

    def _read_ready(self, ready: list[tuple[Any, int]], bell: WakeupSocket) -> None:
        startup_responder = self._startup_responder
        if startup_responder is not None and startup_responder.waiting:
            startup_responder.answer()
        for source, _ in ready:
            if source == bell.fileno:
                bell.clear()
            else:
                try:
                    _private.read_one(self._main_stream)
                except Exception:  # noqa: BLE001 -- unrelated to the waiting call
                    self._log.exception("the kernel could not handle a message")

    def _look(self) -> None:
        self._looking = False
        _private.look_again(self._main_stream)

    def _polled(self) -> tuple[zmq.Poller, WakeupSocket]:
        if self._poller is None or self._bell is None:
            self._bell = WakeupSocket()
            self._poller = zmq.Poller()
            self._poller.register(self._main_stream.socket, zmq.POLLIN)
            self._poller.register(self._bell.fileno, zmq.POLLIN)
        return self._poller, self._bell
