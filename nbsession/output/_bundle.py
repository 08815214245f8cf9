"""An object as content by MIME type, as Jupyter displays it."""

from __future__ import annotations

import base64
import io
import sys
from typing import Any, NamedTuple

from ._chart_figures import chart_of

WIDGET = "application/vnd.jupyter.widget-view+json"

# The types that the page itself can show, the richest first, in JupyterLab's order.
_KNOWN = (
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/bmp",
    "text/plain",
)

_METHODS = (
    ("_repr_html_", "text/html"),
    ("_repr_markdown_", "text/markdown"),
    ("_repr_svg_", "image/svg+xml"),
    ("_repr_png_", "image/png"),
    ("_repr_jpeg_", "image/jpeg"),
    ("_repr_latex_", "text/latex"),
)


class Bundle(NamedTuple):
    """Content by MIME type, and its metadata."""

    data: dict[str, Any]
    metadata: dict[str, Any]


def bundle_of(obj: object) -> Bundle:
    """Return the content of an object.

    It contains the best type that the page can show, and types that only a notebook's renderers know (plotly's JSON,
    LaTeX).
    """
    chart = chart_of(obj)
    data, metadata = _formatted(obj) if chart is None else (chart, {})
    _add_figure(obj, data)
    chosen = {mime: content for mime, content in data.items() if _for_renderers(mime)}
    best = next((mime for mime in _KNOWN if mime in data), None)
    if best is not None and (best != "text/plain" or not chosen or WIDGET in chosen):
        chosen[best] = data[best]
    if not chosen:
        chosen["text/plain"] = repr(obj)
    return Bundle({mime: _content(mime, content) for mime, content in chosen.items()}, metadata)


def _formatted(obj: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """Use IPython's formatter if there is one, else the object's own methods."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    formatter = getattr(shell, "display_formatter", None)
    if formatter is not None and not hasattr(obj, "_ipython_display_"):
        data, metadata = formatter.format(obj)
        return dict(data), dict(metadata)
    data = {}
    if hasattr(obj, "_repr_mimebundle_"):
        found = obj._repr_mimebundle_()
        data.update(found[0] if isinstance(found, tuple) else found or {})
    for method, mime in _METHODS:
        shows = getattr(obj, method, None)
        found = shows() if callable(shows) and mime not in data else None
        if found is not None:
            data[mime] = found[0] if isinstance(found, tuple) else found
    data.setdefault("text/plain", repr(obj))
    return data, {}


def _add_figure(obj: object, data: dict[str, Any]) -> None:
    """Draw a matplotlib figure: without the inline backend, IPython only has its repr."""
    module = sys.modules.get("matplotlib.figure")
    if (
        module is None
        or not isinstance(obj, module.Figure)
        or any(mime.startswith("image/") for mime in data)
    ):
        return
    stream = io.BytesIO()
    obj.savefig(stream, format="png", bbox_inches="tight")
    data["image/png"] = stream.getvalue()


def _for_renderers(mime: str) -> bool:
    return mime == "text/latex" or (mime.startswith("application/") and mime.endswith("json"))


def _content(mime: str, content: Any) -> Any:
    """Return images as bytes; IPython's formatters may return base64."""
    if mime.startswith("image/") and isinstance(content, str):
        return content.encode() if mime == "image/svg+xml" else base64.b64decode(content)
    return content
