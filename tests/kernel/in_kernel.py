"""Runs inside the tested kernels: an interceptor with one comm, and the smallest thing that asks and waits."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable

import comm
from IPython import get_ipython

from nbsession._core.current import runtime
from nbsession._jupyter.jupyter_platform import JupyterPlatform
from nbsession._jupyter.shell.shell_interceptor import CommMessage, ShellInterceptor
from nbsession._sync.waiter import Waiter

shell = get_ipython()
kernel = shell.kernel
own = runtime.platform
assert isinstance(own, JupyterPlatform)
own.interceptor.uninstall()
# Otherwise, each cell puts it in front of the tested one.
own.interceptor.install = lambda: None  # type: ignore[method-assign]
interceptor = ShellInterceptor(kernel)
channel = comm.create_comm(target_name="test", comm_id="a" * 32)
numbers = itertools.count(1)
waiting: dict[int, tuple[Waiter, list[CommMessage]]] = {}
received: list[CommMessage] = []


def receive(message: CommMessage) -> None:
    received.append(message)
    number = message.content.get("answer")
    if number in waiting:
        waiter, box = waiting[number]
        box.append(message)
        waiter.release()


interceptor.open(channel.comm_id, receive)


def ask(timeout: float | None = 100.0, buffers: tuple[bytes, ...] = (), **more: object) -> CommMessage:
    """Send a question to the page and block until it answers."""
    number = next(numbers)
    waiter = Waiter()
    box: list[CommMessage] = []
    waiting[number] = (waiter, box)
    try:
        interceptor.publish(channel.comm_id, {"ask": number, **more}, buffers)
        if not interceptor.wait(waiter, timeout):
            raise TimeoutError
    finally:
        del waiting[number]
    assert box[0].content["answer"] == number
    return box[0]


async def ask_async() -> CommMessage:
    """Send a question to the page and await the answer."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    number = next(numbers)

    class Resolve(Waiter):
        __slots__ = ()

        def release(self) -> None:
            loop.call_soon_threadsafe(lambda: None if future.done() else future.set_result(None))

    box: list[CommMessage] = []
    waiting[number] = (Resolve(), box)
    try:
        interceptor.publish(channel.comm_id, {"ask": number})
        await future
    finally:
        del waiting[number]
    return box[0]


def tell(**content: object) -> None:
    """Send something to the page that needs no answer."""
    interceptor.publish(channel.comm_id, content)


def in_thread(function: Callable[..., object], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=function, args=arguments, daemon=True)
    thread.start()
    return thread


def rounds(count: int) -> list[float]:
    """Ask so many times; return the seconds of each."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return times
