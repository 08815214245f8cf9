"""Every access to internals of ipykernel, IPython and ipywidgets that concerns outputs and widgets.

The rules of ``_private.py`` apply, which contains the other accesses: those that concern the kernel's channels.
"""

from __future__ import annotations

import sys
import threading
from contextvars import Context, ContextVar, copy_context
from typing import TYPE_CHECKING, Any

import comm

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Token


class _Directed:
    """Replaces a ContextVar that contains the header of the message that output belongs to."""

    def __init__(self, var: ContextVar[Any], header: Callable[[], Any]) -> None:
        self._var = var
        self._header = header

    def get(self, *default: Any) -> Any:
        header = self._header()
        return self._var.get(*default) if header is None else header

    def set(self, value: Any) -> Token[Any]:
        return self._var.set(value)

    def reset(self, token: Token[Any]) -> None:
        self._var.reset(token)


def direct_output(kernel: Any, header: Callable[[], Any]) -> None:
    """Assign prints and displays to the message with the header that ``header()`` returns, if any.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/iostream.py#L598 (streams: all versions)
    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/zmqshell.py#L80 (displays: 7.x)

    Without it, a thread's prints would appear in any running cell; on 7.0, ``display()`` would raise in a thread.
    """
    streams = [getattr(kernel, "_stdout", None), getattr(kernel, "_stderr", None), sys.stdout, sys.stderr]
    for holder in [*streams, kernel.shell.display_pub]:
        var = getattr(holder, "_parent_header", None)
        if isinstance(var, ContextVar):
            holder._parent_header = _Directed(var, header)


class _Latest:
    """Replaces a ContextVar. In a context where it was never set, its value is the last one set anywhere."""

    def __init__(self, var: ContextVar[Any]) -> None:
        self._var = var
        self._latest = var.get({})

    def get(self, *default: Any) -> Any:
        return self._var.get(*(default or (self._latest,)))

    def set(self, value: Any) -> Token[Any]:
        self._latest = value
        return self._var.set(value)

    def reset(self, token: Token[Any]) -> None:
        self._var.reset(token)

    def recall(self, value: Any) -> None:
        self._latest = value


def lend_parent(kernel: Any) -> None:
    """Let `get_parent` return a message in every thread, as later versions do.

    https://github.com/ipython/ipykernel/blob/v7.0.1/ipykernel/kernelbase.py#L797

    Without it, on 7.0, it raises ``LookupError`` in threads that handle no messages, and widgets cannot be created
    there.
    """
    var = getattr(kernel, "_shell_parent", None)
    if isinstance(var, ContextVar):
        try:
            Context().run(kernel.get_parent, "shell")
        except LookupError:
            kernel._shell_parent = _Latest(var)


def watch_displays(kernel: Any, hook: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Apply a function to the display and ``clear_output`` messages of all threads.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/zmqshell.py#L190 (``register_hook``: of one thread)

    Without it, on ipykernel 6, which has one parent for the displays of all threads, threads' displays would appear
    anywhere.
    """
    publisher = kernel.shell.display_pub
    if not hasattr(publisher, "_thread_local"):
        return

    class Hooks(threading.local):
        def __init__(self) -> None:
            self.hooks = [hook]

    hooks = Hooks()
    hooks.hooks += getattr(publisher._thread_local, "hooks", [])
    publisher._thread_local = hooks


def captured_by_widget(message: str) -> bool:
    """Return whether an ``ipywidgets.Output`` currently captures outputs of this message from the cell's output.

    https://github.com/jupyter-widgets/ipywidgets/blob/8.1.7/python/ipywidgets/ipywidgets/widgets/widget_output.py#L107

    Without it, ``out.clear_output()`` would count as clearing the cell's output.
    """
    return any(getattr(widget, "msg_id", None) == message for widget in list(widgets().values()))


def widgets() -> dict[Any, Any]:
    """Return all widgets of ipywidgets by id; empty if ipywidgets is not used.

    https://github.com/jupyter-widgets/ipywidgets/blob/8.1.7/python/ipywidgets/ipywidgets/widgets/widget.py#L42
    """
    found: dict[Any, Any] = getattr(sys.modules.get("ipywidgets.widgets.widget"), "_instances", {})
    return found


def abandon(widget: Any) -> None:
    """Release a widget's comm without notifying the pages, whose widgets would remove their views.

    https://github.com/ipython/comm/blob/v0.2.3/comm/base_comm.py (``close`` publishes, and so does ``__del__``)
    """
    abandoned: Any = widget.comm
    if abandoned is not None:
        comm.get_comm_manager().unregister_comm(abandoned)
        abandoned._closed = True


def watch_errors(kernel: Any, hook: Callable[[BaseException], bool]) -> None:
    """Call a function with each exception that IPython is about to show. If it returns True, IPython does not show it.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/zmqshell.py#L688

    Without it, exceptions of widgets' callbacks appear only in the front end's log.
    """
    original = getattr(kernel.shell, "_showtraceback", None)
    if original is not None:

        def show(kind: Any, error: Any, lines: Any) -> None:
            if not (isinstance(error, BaseException) and hook(error)):
                original(kind, error, lines)

        kernel.shell._showtraceback = show


def in_answer_to(kernel: Any, message: dict[str, Any], answer: Callable[[], object]) -> None:
    """Publish a function's messages as answers to a message instead of the running cell. Main thread only.

    https://github.com/ipython/ipykernel/blob/v7.4.0/ipykernel/kernelbase.py#L751 (``get_parent``)

    Without it, JupyterLab, which may request the state of each widget, would wait for the answer forever.
    """
    var = getattr(kernel, "_shell_parent", None)
    if var is None:  # ipykernel 6 has one for all threads
        before, kernel._parents["shell"] = kernel._parents["shell"], message
        try:
            answer()
        finally:
            kernel._parents["shell"] = before
        return
    before = var.get({})
    try:
        copy_context().run(lambda: (var.set(message), answer()))
    finally:
        if isinstance(var, _Latest):
            var.recall(before)
