"""The widgets: the bridge, one per kernel and not displayed, and the view of a session that has something to show."""

from __future__ import annotations

import uuid
from pathlib import Path

import anywidget
import ipywidgets
import traitlets

from nbsession._core.tree import ROOT

from .view import VIEW_HTML, VIEW_TEXT

_STATIC = Path(__file__).parents[2] / "static"


def _static(name: str) -> traitlets.Unicode[str, str | bytes]:
    """Return a trait that sends a static file to the pages.

    The trait contains the text instead of the path: anywidget watches the file at a path for every widget, which keeps
    the widget alive. It is a trait instead of a string: anywidget treats a one-line string as a path if it looks like
    one.
    """
    return traitlets.Unicode((_STATIC / name).read_text(encoding="utf-8")).tag(sync=True)


class Bridge(anywidget.AnyWidget):
    """The model whose comm carries the links of all pages. There is one per kernel.

    Its JavaScript runs in ``initialize``, as soon as a front end creates the model, with or without a view.

    Parameters
    ----------
    comm_id : str
        The id of its comm, chosen by the caller so that the interceptor can listen before the comm is opened.
    text_only : bool
        Whether buffers are sent as base64 in the JSON, in both directions; see `text_only`.
    """

    _esm = _static("bridge.js")
    _css = _static("nbsession.css")

    bridge = traitlets.Unicode().tag(sync=True)
    text_only = traitlets.Bool().tag(sync=True)

    def __init__(self, comm_id: str, *, text_only: bool = False) -> None:
        super().__init__(model_id=comm_id, bridge=comm_id, text_only=text_only)


class View(anywidget.AnyWidget):
    """Shows a session, or a part of it, in a cell's output or in an ``ipywidgets.Output`` inside it."""

    _esm = _static("view.js")

    bridge = traitlets.Unicode().tag(sync=True)
    session = traitlets.Int().tag(sync=True)
    part = traitlets.Int().tag(sync=True)  # the key of the node whose content is shown

    def __init__(self, bridge: str, session: int, part: int = ROOT) -> None:
        super().__init__(bridge=bridge, session=session, part=part)


def new_comm_id() -> str:
    """Return an id for a new comm."""
    return uuid.uuid4().hex


def mimebundle(widget: ipywidgets.DOMWidget, html: str = VIEW_HTML) -> dict[str, object]:
    """Return the mimebundle for the front end. Its plain text is constant."""
    return {
        "application/vnd.jupyter.widget-view+json": {
            "version_major": 2,
            "version_minor": 0,
            "model_id": widget.model_id,
        },
        "text/html": html,
        "text/plain": VIEW_TEXT,
    }
