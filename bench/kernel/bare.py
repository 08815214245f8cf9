"""The bare comm: the interceptor without the link. Its page answers each message with a small one."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any

import anywidget
from IPython import get_ipython

from nbsession._jupyter.shell.shell_interceptor import CommMessage, ShellInterceptor
from nbsession._sync.waiter import Waiter

from .peak import Peak

COMM_ID = "bench-bare-comm"
TIMEOUT = 60.0
# Round trips before anything else is timed: a cell's first one is slow, and has a row of its own.
SETTLE = 5
ECHO = """
export default {
  initialize({ model }) {
    const piece = 1 << 20;
    model.on("msg:custom", async (content, buffers) => {
      let left = content.back ?? 0;
      for (; left > piece; left -= piece) {
        model.send({ more: true }, {}, [new ArrayBuffer(piece)]);
      }
      if (content.file) {
        // What a page must do to have a file that can be saved, and to know that the browser has the bytes.
        const file = new Blob(buffers);
        await file.slice(-1).arrayBuffer();
      }
      const bytes = buffers.reduce((sum, one) => sum + one.byteLength, 0);
      model.send({ more: false, bytes }, {}, left ? [new ArrayBuffer(left)] : []);
    });
    model.send({ more: false });
  },
};
"""


class Echo(anywidget.AnyWidget):
    """The page's side of the bare comm."""

    _esm = ECHO


class Bare:
    """Asks and blocks until the page has answered."""

    def __init__(self) -> None:
        self._interceptor = ShellInterceptor(get_ipython().kernel)
        self._waiter = Waiter()
        self._answer: dict[str, Any] = {}
        self._buffers: list[memoryview] = []
        self._interceptor.open(COMM_ID, self._receive)
        self._widget = Echo(model_id=COMM_ID)
        self._wait()

    def _receive(self, message: CommMessage) -> None:
        self._buffers += message.buffers
        if not message.content["more"]:
            self._answer = message.content
            self._waiter.release()

    def _wait(self) -> bytes:
        if not self._interceptor.wait(self._waiter, TIMEOUT):
            msg = f"the bare comm's page has not answered within {TIMEOUT:g} s"
            raise TimeoutError(msg)
        self._waiter = Waiter()
        came, self._buffers = self._buffers, []
        return b"".join(came)

    def ask(self) -> None:
        """Make one round trip."""
        self._interceptor.publish(COMM_ID, {"ask": 1})
        self._wait()

    def send(self, content: bytes, *, file: bool = False) -> None:
        """Send one buffer, have the page make a file of it or not, and wait for the page's small message."""
        self._interceptor.publish(COMM_ID, {"ask": 1, "file": file}, [content])
        self._wait()
        assert self._answer["bytes"] == len(content)

    def fetch(self, size: int) -> bytes:
        """Have the page send so many bytes, in messages of 1 MiB: the server drops a socket that sends over 10 MiB."""
        self._interceptor.publish(COMM_ID, {"ask": 1, "back": size})
        return self._wait()


_bare: Bare | None = None


def bare() -> Bare:
    """Return the kernel's bare comm, made at first use."""
    global _bare  # noqa: PLW0603 -- a kernel of the bench runs nothing else
    if _bare is None:
        _bare = Bare()
    return _bare


def times(count: int) -> list[float]:
    """Return the seconds of so many round trips in a row."""
    one = bare()
    taken = []
    for _ in range(count):
        began = perf_counter()
        one.ask()
        taken.append(perf_counter() - began)
    return taken


def p50(count: int) -> float:
    """Return the median of so many round trips, in seconds."""
    return median(times(count))


def send(size: int, *, file: bool = False) -> float:
    """Return the seconds until one buffer of that size has been sent, perhaps made a file of, and acknowledged."""
    content = b"\x5a" * size
    one = bare()
    p50(SETTLE)
    began = perf_counter()
    one.send(content, file=file)
    return perf_counter() - began


def fetch(size: int) -> float:
    """Return the seconds until the page has sent so many bytes."""
    one = bare()
    p50(SETTLE)
    began = perf_counter()
    came = one.fetch(size)
    taken = perf_counter() - began
    assert len(came) == size
    return taken


def growth(size: int) -> float:
    """Return by how many bytes the kernel's memory grew at its peak while it sent one buffer of that size."""
    content = b"\x5a" * size
    one = bare()
    with Peak() as peak:
        one.send(content)
    return peak.growth
