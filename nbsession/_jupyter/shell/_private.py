"""Every access to the internals of ipykernel, pyzmq, jupyter_client and IPython.

Features are detected (`hasattr`), never derived from version numbers. Each function names the upstream line that it
relies on, and what fails without it. Those that concern outputs and widgets are in ``_private_outputs.py``.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
from contextvars import Context
from functools import partial
from typing import TYPE_CHECKING, Any

import zmq

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def missing(kernel: Any) -> str | None:
    """Return what a kernel lacks for the interceptor, or None.

    The interceptor needs the stream of the shell channel, with a callback that it can precede. Without it, no message
    is received while a cell runs.
    """
    stream = getattr(kernel, "shell_stream", None)
    if stream is None:
        return "it has no shell_stream"
    if not hasattr(stream, "socket") or not hasattr(stream, "_recv_callback"):
        return f"its shell_stream is a {type(stream).__name__}, not a ZMQStream with a receiver"
    if stream.socket is None or stream._recv_callback is None:
        return "its shell_stream is not receiving"
    for name in ("session", "iopub_socket"):
        if getattr(kernel, name, None) is None:
            return f"it has no {name}"
    return None


def shell_stream(kernel: Any) -> Any:
    """Return the ZMQStream of the shell channel.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/kernelbase.py#L135
    """
    return kernel.shell_stream


def shell_thread(kernel: Any) -> threading.Thread | None:
    """Return the thread that reads the shell channel, or None if the main thread does (ipykernel 6, embedded 7).

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/kernelbase.py#L181

    Without it, the main thread would read a socket that another thread reads, and messages would be lost.
    """
    thread = getattr(kernel, "shell_channel_thread", None)
    return thread if isinstance(thread, threading.Thread) else None


def main_stream(kernel: Any) -> Any:
    """Return the ZMQStream from which the main thread gets the shell channel's messages; None if there is none.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/subshell_manager.py#L88 (``_shell_channel_to_main``)

    On ipykernel 7, the shell channel's thread passes the messages on, through a pair of sockets. Without it, no message
    of a widget would be handled while a cell waits.
    """
    thread = shell_thread(kernel)
    if thread is None:
        return shell_stream(kernel)
    pair = getattr(getattr(thread, "_manager", None), "_shell_channel_to_main", None)
    stream = getattr(pair, "to_stream", None)
    return stream if getattr(stream, "_recv_callback", None) is not None else None


def take_queued(
    kernel: Any, wanted: Callable[[list[Any]], bool]
) -> list[tuple[list[Any], Callable[[list[Any]], Any]]]:
    """Take messages out of ipykernel 6's own queue. Return each with the function that queues it again.

    https://github.com/ipython/ipykernel/blob/v6.29.5/ipykernel/kernelbase.py#L558 (``schedule_dispatch``)

    Without it, messages of widgets that the kernel has read together with a cell's request would be handled after later
    ones, and undo them.
    """
    queue = getattr(kernel, "msg_queue", None)
    if queue is None:
        return []
    taken: list[tuple[list[Any], Callable[[list[Any]], Any]]] = []
    for _ in range(queue.qsize()):
        item = queue.get_nowait()
        _, dispatch, arguments = item
        if dispatch == kernel.dispatch_shell and wanted(arguments[0]):
            taken.append((arguments[0], partial(kernel.schedule_dispatch, dispatch)))
        else:
            queue.put_nowait(item)
    return taken


def before_dispatch(kernel: Any, allows: Callable[[list[Any]], bool]) -> Callable[[], None]:
    """Ask a function before ipykernel 7 handles a message that it has read earlier. Return a function that undoes this.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/kernelbase.py#L676 (``shell_main``, which looks it up)

    The messages that the kernel has read wait in its tasks, out of which they cannot be taken. See `take_queued`.
    """
    original = kernel.dispatch_shell
    if hasattr(kernel, "msg_queue"):
        return lambda: None

    async def dispatch_shell(frames: list[Any], *args: Any, **options: Any) -> None:
        if allows(frames):
            await original(frames, *args, **options)

    kernel.dispatch_shell = dispatch_shell

    def undo() -> None:
        if kernel.dispatch_shell is dispatch_shell:
            kernel.dispatch_shell = original

    return undo


def receiver(stream: Any) -> Callable[[list[Any]], Any]:
    """Return the callback of a ZMQStream.

    https://github.com/zeromq/pyzmq/blob/v27.1.0/zmq/eventloop/zmqstream.py#L648

    It is read instead of rebuilt from the kernel's methods, so that other packages' callbacks stay in the chain.
    """
    callback: Callable[[list[Any]], Any] = stream._recv_callback
    return callback


def set_receiver(stream: Any, callback: Callable[[list[Any]], Any]) -> None:
    """Replace the callback of a receiving ZMQStream. Can be called on any thread.

    ``on_recv`` does the same, but also reads the socket's state, which only the socket's own thread may do. Waiting for
    that thread would be a deadlock if it is the main thread, busy in the calling cell. The assignment takes effect at
    once.
    """
    stream._recv_callback = callback


def read_one(stream: Any) -> None:
    """Receive a message outside of the stream's loop, if there is one, and pass it to the stream's callback.

    https://github.com/zeromq/pyzmq/blob/v27.1.0/zmq/eventloop/zmqstream.py#L635

    Not with ``stream.flush``, which polls twice for each message and stops receiving until the stream's loop runs. The
    callback is the stream's instead of the filter, so that other packages' callbacks receive the message. Must be
    called on the thread of the stream's loop. The callback's exceptions are propagated.
    """
    try:
        frames = stream.socket.recv_multipart(zmq.NOBLOCK, copy=False)
    except zmq.Again:
        return
    result = stream._recv_callback(frames)
    if inspect.isawaitable(result):
        # Not in the context of the waiting code, which belongs to a session.
        Context().run(asyncio.ensure_future, result)


def look_again(stream: Any) -> None:
    """Let the stream check for messages when its loop runs next. Must be called on the loop's thread.

    https://github.com/zeromq/pyzmq/blob/v27.1.0/zmq/eventloop/zmqstream.py#L696

    The socket's descriptor is edge-triggered: reading from the socket outside of the stream consumes the edge. Without
    this call, messages that arrived during a wait would stay unread until the next one arrives.
    """
    stream.io_loop.add_callback(stream._rebuild_io_state)


def look_after_replies(kernel: Any) -> Callable[[], None]:
    """Let the stream of the shell channel check for messages after each reply. Return a function that undoes this.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/subshell_manager.py#L239 (the fix, and its reason)

    ipykernel 7.0 to 7.3 write replies to the socket outside of its stream, which consumes the edge of a message that
    arrives in the meantime. Without this call, the kernel stops reading messages until it is restarted (7.0.1 and 7.3.0
    after about 400 cells, each sent when the previous one was idle; acknowledgements of a page make it more likely).
    """
    stream = shell_stream(kernel)
    manager: Any = getattr(shell_thread(kernel), "_manager", None)
    if not hasattr(manager, "_shell_socket") or not hasattr(manager, "_send_on_shell_channel"):
        return lambda: None
    original = manager._send_on_shell_channel
    if original.__module__ == __name__:  # another interceptor has done it
        return lambda: None

    def send(frames: list[Any]) -> None:
        try:
            original(frames)
        finally:
            stream._rebuild_io_state()

    def streams() -> list[Any]:
        pairs = [manager._main_to_shell_channel]
        pairs += [subshell.subshell_to_shell_channel for subshell in list(manager._cache.values())]
        return [pair.to_stream for pair in pairs if pair.to_stream is not None]

    def replace(old: Callable[[list[Any]], Any], new: Callable[[list[Any]], Any]) -> None:
        for pair_stream in streams():
            if receiver(pair_stream) == old:
                set_receiver(pair_stream, new)

    manager._send_on_shell_channel = send  # for future subshells
    replace(original, send)

    def undo() -> None:
        manager._send_on_shell_channel = original
        replace(send, original)

    return undo


def remember_signature(session: Any, signature: bytes) -> None:
    """Record a message's signature, as ``Session.deserialize`` does, so that the message cannot be replayed.

    https://github.com/jupyter/jupyter_client/blob/v8.6.3/jupyter_client/session.py#L1002

    Without it, messages would not be protected against replay, except by the link's numbers.
    """
    if hasattr(session, "_add_digest"):
        session._add_digest(signature)


def forget_signature(session: Any, signature: bytes) -> None:
    """Undo `remember_signature`, or that of ``Session.deserialize``, for a message that is processed later.

    https://github.com/jupyter/jupyter_client/blob/v8.6.3/jupyter_client/session.py#L349 (``digest_history``)

    Without it, the kernel would reject the message as a repetition.
    """
    session.digest_history.discard(signature)


def topic(kernel: Any, name: str) -> bytes:
    """Return the iopub topic of a kind of message; subscribers may filter by it.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/kernelbase.py#L1345
    """
    if hasattr(kernel, "_topic"):
        made: bytes = kernel._topic(name)
        return made
    return name.encode()


def log(kernel: Any) -> logging.Logger:
    """Return the kernel's own log, which goes to the server's terminal, not to a cell's output.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/kernelbase.py#L185
    """
    found = getattr(kernel, "log", None)
    return found if isinstance(found, logging.Logger) else logging.getLogger("nbsession")


def inside_cell(frame: FrameType | None) -> bool:
    """Return whether a frame was called, directly or indirectly, from the code of a cell.

    https://github.com/ipython/ipython/blob/9.8.0/IPython/core/interactiveshell.py (``run_code``)

    IPython catches all exceptions of a cell. A KeyboardInterrupt in any other asyncio task would pass through the loop
    and end the kernel.
    """
    while frame is not None:
        if (
            frame.f_code.co_name == "run_code"
            and frame.f_globals.get("__name__") == "IPython.core.interactiveshell"
        ):
            return True
        frame = frame.f_back
    return False


def cancels_cell(handler: object) -> bool:
    """Return whether a SIGINT handler is ipykernel's own for async cells, which cancels the cell's coroutine.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/ipkernel.py#L348

    Without it, Stop would not interrupt a blocking call in an async cell.
    """
    return getattr(handler, "__module__", None) == "ipykernel.ipkernel"


def main_loop(kernel: Any) -> asyncio.AbstractEventLoop | None:
    """Return the asyncio loop on which the kernel runs cells.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/ipkernel.py#L355

    ipykernel's handler adds its callback there without waking the loop: Stop would be handled at the next event.
    """
    loop = getattr(getattr(kernel, "io_loop", None), "asyncio_loop", None)
    return loop if isinstance(loop, asyncio.AbstractEventLoop) else None


def handles_shell(kernel: Any) -> bool:
    """Return whether the calling thread handles shell messages: the main thread or a subshell's.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/subshell_manager.py#L175

    In other threads, ``get_parent`` returns the message of another thread.
    """
    if threading.current_thread() is threading.main_thread():
        return True
    manager: Any = getattr(shell_thread(kernel), "_manager", None)
    if not hasattr(manager, "subshell_id_from_thread_id"):
        return False
    try:
        manager.subshell_id_from_thread_id(threading.get_ident())
    except RuntimeError:
        return False
    return True


def connection_file() -> str:
    """Return the path of the kernel's connection file.

    Raises
    ------
    RuntimeError
        If the kernel has none, because it is embedded in a program.
    """
    from ipykernel.connect import get_connection_file  # noqa: PLC0415 -- rarely needed

    found: str = get_connection_file()
    return found


def before_shutdown(kernel: Any, function: Callable[[bool], object]) -> None:
    """Call a function with ``restart`` when the kernel is asked to shut down, on the thread of the request.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/kernelbase.py (``shutdown_request``: the control thread,
    so also while a cell runs)

    Without it, there is only ``atexit``, which a kernel with a busy cell does not reach, because it is killed.
    """
    original = kernel.do_shutdown

    def do_shutdown(restart: bool) -> Any:  # noqa: FBT001 -- the kernel passes it by position
        try:
            function(restart)
        except Exception:  # noqa: BLE001 -- the kernel must end in any case
            log(kernel).exception("nbsession could not close the sessions")
        return original(restart)

    kernel.do_shutdown = do_shutdown


def reply(kernel: Any, kind: str, idents: list[bytes], message: dict[str, Any]) -> None:
    """Let the kernel reply to a request that it can answer at once, without becoming its parent. Main thread only.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/kernelbase.py#L420 (``dispatch_shell``)

    Not with ``dispatch_shell`` itself, which makes the request the parent of the cell's next prints, and removes the
    cell's SIGINT handler. ipykernel 7 sends replies through a socket to the shell channel's thread.
    """
    manager: Any = getattr(shell_thread(kernel), "_manager", None)
    threaded = hasattr(manager, "get_subshell_to_shell_channel_socket")
    stream = manager.get_subshell_to_shell_channel_socket(None) if threaded else shell_stream(kernel)
    result = kernel.shell_handlers[kind](stream, idents, message)
    if inspect.iscoroutine(result):
        try:
            result.send(None)
        except StopIteration:
            pass
        else:
            result.close()
            log(kernel).warning("%s was not answered at once", kind)
    if not threaded:
        stream.flush(zmq.POLLOUT)  # its loop does not run while the cell does


def open_comm(kernel: Any, idents: list[bytes], message: dict[str, Any]) -> None:
    """Open a comm that a front end requests. Must be called on the main thread.

    https://github.com/ipython/comm/blob/v0.2.3/comm/base_comm.py#L227
    """
    kernel.comm_manager.comm_open(shell_stream(kernel), idents, message)


def close_comm(kernel: Any, idents: list[bytes], message: dict[str, Any]) -> None:
    """Close a comm that a front end has closed. Must be called on the main thread.

    https://github.com/ipython/comm/blob/v0.2.3/comm/base_comm.py#L278
    """
    kernel.comm_manager.comm_close(shell_stream(kernel), idents, message)


def tell_comm(kernel: Any, comm_id: str, message: dict[str, Any]) -> None:
    """Pass a message to a comm, without the surrounding events. Must be called on the main thread.

    https://github.com/ipython/comm/blob/v0.2.3/comm/base_comm.py#L148 (``handle_msg``)

    ``handle_msg`` triggers ``post_execute``, at which matplotlib would show the incomplete figures of the running cell.
    """
    found = kernel.comm_manager.comms.get(comm_id)
    callback = getattr(found, "_msg_callback", None)
    if callback is not None:
        callback(message)
