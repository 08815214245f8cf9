"""A real kernel on a given Python, and a page at the level of comm messages."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parents[2]
TIMEOUT = 120.0
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")

Message = dict[str, Any]


class _OneKernel(KernelSpecManager):
    """Knows one kernel: ipykernel on the given Python."""

    def __init__(self, python: str) -> None:
        super().__init__()
        self._python = python

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [self._python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python", interrupt_mode="signal")


@dataclass
class Outcome:
    """What a front end sees of one executed cell."""

    request: Message
    reply: Message
    messages: list[Message] = field(default_factory=list)

    @property
    def stdout(self) -> str:
        return "".join(
            m["content"]["text"]
            for m in self.messages
            if m["msg_type"] == "stream"
            and m["content"]["name"] == "stdout"
            and m["parent_header"].get("msg_id") == self.request["header"]["msg_id"]
        )

    @property
    def error(self) -> str | None:
        """The name of the exception that ended the cell."""
        name: str | None = self.reply["content"].get("ename")
        return name

    @property
    def traceback(self) -> str:
        return "\n".join(self.reply["content"].get("traceback", []))


class KernelProcess:
    """A running kernel with one client. All calls from one thread.

    Attributes
    ----------
    on_comm : callable
        The page: called with each comm message that the kernel publishes, while a cell's outcome is awaited.
    messages : list
        Everything seen on iopub.
    attended : bool
        Cells are run by a front end, whose page is waited for, and not by what runs notebooks.
    """

    def __init__(
        self, python: str, directory: Path, variables: dict[str, str] | None = None, **options: Any
    ) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)]),
            "IPYTHONDIR": str(directory / "ipython"),
            "JUPYTER_RUNTIME_DIR": str(directory / "runtime"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            **(variables or {}),
        }
        (directory / "runtime").mkdir()
        self.manager = KernelManager(
            kernel_name="tested",
            kernel_spec_manager=_OneKernel(python),
            connection_file=str(directory / "runtime" / "kernel.json"),
            cache_ports=False,  # those that it finds itself may be taken by others until the kernel binds them
            **{f"{channel}_port": free_port() for channel in CHANNELS},
        )
        self.manager.start_kernel(env=environment, cwd=str(directory), **options)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.messages: list[Message] = []
        self.attended = False
        self.on_comm: Callable[[Message], None] = lambda message: None
        self.on_message: Callable[[Message], object] = lambda message: None

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def request(self, kind: str, content: Message, buffers: Sequence[bytes] = (), **header: str) -> Message:
        """Send a message on the shell channel."""
        message: Message = self.client.session.msg(kind, content)
        message["header"].update(header)
        message["buffers"] = list(buffers)
        self.client.shell_channel.send(message)
        return message

    def comm(
        self, comm_id: str, content: object, buffers: Sequence[bytes] = (), method: str = "custom"
    ) -> Message:
        """Send a comm message, as a widget's model in a page does."""
        data = {"method": method, "content": content}
        return self.request("comm_msg", {"comm_id": comm_id, "data": data}, buffers)

    def execute(self, code: str, cell_id: str | None = None, deleted: Sequence[str] = ()) -> Message:
        """Send an ``execute_request`` and return it, not waiting; with a cell's id as JupyterLab sends it."""
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": self.attended,
            "stop_on_error": False,
        }
        metadata = None if cell_id is None else {"cellId": cell_id, "deletedCells": list(deleted)}
        message: Message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        return message

    def run(self, code: str, cell_id: str | None = None, deleted: Sequence[str] = ()) -> Outcome:
        """Run a cell to its end, being its page meanwhile."""
        return self.finish(self.execute(code, cell_id, deleted))

    def finish(self, request: Message, timeout: float = TIMEOUT) -> Outcome:
        """Read until the request is done: its reply and its idle have come."""
        first = len(self.messages)
        self.until(lambda message: is_idle(message, request), timeout)
        reply = self.reply(request, timeout)
        return Outcome(request, reply, self.messages[first:])

    def reply(self, request: Message, timeout: float = TIMEOUT) -> Message:
        """Read the shell channel up to the reply to a request."""
        deadline = time.monotonic() + timeout
        while True:
            reply = self.client.get_shell_msg(timeout=deadline - time.monotonic())
            if reply["parent_header"].get("msg_id") == request["header"]["msg_id"]:
                return reply

    def until(self, predicate: Callable[[Message], bool], timeout: float = TIMEOUT) -> Message:
        """Read iopub up to a message of which the predicate is true, and return it."""
        deadline = time.monotonic() + timeout
        while True:
            message = self.client.get_iopub_msg(timeout=max(deadline - time.monotonic(), 0.0))
            self.messages.append(message)
            if message["msg_type"] == "comm_msg":
                self.on_comm(message)
            self.on_message(message)
            if predicate(message):
                return message

    def interrupt(self) -> None:
        self.manager.interrupt_kernel()


def is_idle(message: Message, request: Message) -> bool:
    """Say whether a message is the ``idle`` status of a request."""
    return bool(
        message["msg_type"] == "status"
        and message["content"]["execution_state"] == "idle"
        and message["parent_header"].get("msg_id") == request["header"]["msg_id"]
    )


def is_stream(message: Message, text: str) -> bool:
    """Say whether a message is output that contains a text."""
    return message["msg_type"] == "stream" and text in message["content"]["text"]


def is_comm(message: Message, key: str) -> bool:
    """Say whether a message is one of the interceptor's that carries a key."""
    return message["msg_type"] == "comm_msg" and key in message["content"]["data"].get("content", {})
