"""Checks a kernel of this Python, and whether a message reaches it while a cell runs."""

from __future__ import annotations

import ast
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

from .check import Check, State

if TYPE_CHECKING:
    from jupyter_client.blocking.client import BlockingKernelClient

_COMM = "nbsession-doctor"
# Seconds for the message to arrive: it has been sent when the cell starts.
_HEARD_WITHIN = 5.0
_MODULE = "nbsession._cli.checks.in_kernel"


class _CellError(Exception):
    """A cell of the doctor raised an exception."""


def check_kernel(timeout: float) -> list[Check]:
    """Start a kernel, send it a message while a cell runs, and stop it.

    Parameters
    ----------
    timeout : float
        Seconds for the whole check.
    """
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager  # noqa: PLC0415 -- may be missing
    from jupyter_client.manager import KernelManager  # noqa: PLC0415

    class OneKernel(KernelSpecManager):
        """Contains one kernel, this Python's, regardless of the installed ``python3``."""

        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=argv, display_name=kernel_name, language="python")

    deadline = time.monotonic() + timeout
    with tempfile.TemporaryDirectory() as folder:
        manager = KernelManager(
            kernel_name="doctor",
            kernel_spec_manager=OneKernel(),
            connection_file=str(Path(folder) / "kernel.json"),
        )
        with (Path(folder) / "log").open("w+", encoding="utf-8", errors="replace") as log:
            environment = {**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
            manager.start_kernel(stdout=log, stderr=log, env=environment, cwd=folder)
            client = manager.blocking_client()
            client.start_channels()
            try:
                return _examine(client, deadline)
            except (RuntimeError, Empty) as error:  # it died or did not respond
                log.seek(0)
                lines = [line for line in log.read().splitlines() if line.strip() and "WARNING" not in line]
                found = "; its output: ".join([str(error) or f"no answer within {timeout:g} s", *lines[-1:]])
                name = Path(sys.executable).name
                remedy = f"check IPython's startup files and the output of {name} -m ipykernel_launcher"
                return [Check("kernel", State.PROBLEM, found, remedy)]
            finally:
                client.stop_channels()
                manager.shutdown_kernel(now=True)


def _examine(client: BlockingKernelClient, deadline: float) -> list[Check]:
    client.wait_for_ready(timeout=_left(deadline))
    try:
        told = _cell(client, f"listen({_COMM!r})", deadline)
    except _CellError as error:
        if "No module named 'nbsession'" in str(error):
            remedy = "install nbsession into this Python: a kernel does not import from the current folder"
            return [Check("kernel", State.PROBLEM, "it cannot import nbsession", remedy)]
        return [Check("interceptor", State.PROBLEM, str(error))]
    kernel = json.loads(told)
    checks = [Check("kernel", State.OK, f"ipykernel {kernel['ipykernel']} starts, imports nbsession")]
    checks += [
        Check(
            "patches",
            State.WARNING,
            f"{name} is active in new kernels",
            "it runs other code inside a waiting cell: remove it if something hangs",
        )
        for name in kernel["patches"]
    ]
    checks.append(_direct(kernel["direct"]))
    started = time.monotonic()
    if _cell(client, f"wait({_HEARD_WITHIN})", deadline, message=True):
        milliseconds = (time.monotonic() - started) * 1000
        found = f"a message reached a running cell in {milliseconds:.0f} ms, read by {kernel['reads']}"
        return [*checks, Check("interceptor", State.OK, found)]
    found = f"a message did not reach a running cell within {_HEARD_WITHIN:g} s"
    remedy = "look for IPython startup files and extensions that replace the kernel's message loop"
    return [*checks, Check("interceptor", State.PROBLEM, found, remedy)]


def _direct(kind: str | None) -> Check:
    """Return the check of direct sockets; ``kind`` is what a kernel says of its address."""
    if kind is not None:
        return Check("direct socket", State.OK, f"kernels listen on {kind}")
    if os.environ.get("NBSESSION_TRANSPORT", "comm").lower() == "comm":
        return Check("direct socket", State.SKIPPED, "off: NBSESSION_TRANSPORT=auto turns them on")
    remedy = "pages use the comm, which is slower; Jupyter's runtime folder must be this user's own"
    return Check("direct socket", State.WARNING, "kernels cannot listen", remedy)


def _cell(client: BlockingKernelClient, expression: str, deadline: float, *, message: bool = False) -> Any:
    """Return the value of an expression in the kernel. On request, send the kernel a page's message in the meantime."""
    sent = client.execute(
        f"from {_MODULE} import listen, wait\n_ = {expression}",
        store_history=False,
        user_expressions={"value": "_"},
        allow_stdin=False,
    )
    if message:
        data = {"method": "custom", "content": {"hello": 1}}
        content = {"comm_id": _COMM, "data": data}
        client.shell_channel.send(client.session.msg("comm_msg", content))
    while True:
        reply = client.get_shell_msg(timeout=_left(deadline))
        if reply["parent_header"].get("msg_id") == sent:
            break
    content = reply["content"]
    if content["status"] != "ok":
        said = f"{content.get('ename')}: {content.get('evalue')}"
        raise _CellError(said)
    return ast.literal_eval(content["user_expressions"]["value"]["data"]["text/plain"])


def _left(deadline: float) -> float:
    return max(0.1, deadline - time.monotonic())
