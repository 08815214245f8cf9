"""``put``: any object, as Jupyter displays it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbsession._core.css_length import length

from ._bundle import bundle_of
from ._chart_scripts import with_charts
from ._content import Content
from ._markdown import render
from ._output import Output
from ._pyplot import close_shown, figure_of, ground_of
from ._shown import show

if TYPE_CHECKING:
    from ._placement import Scope


# What `update` sends to replace the fields of another object.
_NOTHING = {"alt": "", "width": None, "height": None, "ground": None, "charts": None}


def put(obj: object, scope: Scope = None, position: int = -1) -> Output:
    """Show any object as a notebook displays it: a matplotlib figure, a pandas table, a PIL image, SVG, HTML, a widget.

    Parameters
    ----------
    obj : object
        The object. A ``str`` is shown as text, matplotlib axes as their figure. If the notebook has a renderer for the
        object (ipywidgets, plotly, LaTeX), that renderer shows it. Scripts in HTML run, as in a cell's output. Charts
        of plotly, pyecharts, bokeh, altair and folium need no network.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        ``update(obj)`` replaces it, ``remove()`` removes it.

    Examples
    --------
    >>> import pandas
    >>> from nbsession.output import put
    >>> put(pandas.DataFrame({"a": [1, 2]}))  # doctest: +SKIP

    Notes
    -----
    Not in PyWebIO. The object is drawn when it is put; ``update`` draws it again. As after ``plt.show()``, a pyplot
    figure is closed in pyplot if the inline backend would show it again.
    """
    return show("put", scope, position, _anything, obj)


def _anything(obj: object) -> Content:
    if isinstance(obj, Output):
        msg = "put() got the return value of a put_... function, which is already shown"
        raise TypeError(msg)
    obj = figure_of(obj)
    if isinstance(obj, str):
        return Content("mime", {**_NOTHING, "data": {"text/plain": obj}})
    data, metadata = bundle_of(obj)
    ground = ground_of(obj)
    close_shown(obj)
    if isinstance(data.get("text/markdown"), str):
        data["text/markdown"] = render(data["text/markdown"])
    charts = None
    if isinstance(data.get("text/html"), str):
        data["text/html"], charts = with_charts(data["text/html"])
    about = _about_image(data, metadata)
    alt = about.get("alt") or _alternative(obj)
    return Content(
        "mime", {**_NOTHING, "data": data, "alt": alt, **_size(about), "ground": ground, "charts": charts}
    )


def _about_image(data: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    found = (metadata.get(mime) for mime in data if mime.startswith("image/"))
    return next((about for about in found if isinstance(about, dict)), {})


def _size(about: dict[str, Any]) -> dict[str, str | None]:
    return {name: length("put", name, _pixels(about.get(name))) for name in ("width", "height")}


def _pixels(size: object) -> object:
    """Return a size as a number if it is a number in a str, which HTML attributes and IPython's images allow."""
    return int(size) if isinstance(size, str) and size.isdecimal() else size


def _alternative(obj: object) -> str:
    """Return an alternative text for an image without a description."""
    axes = getattr(obj, "axes", None)
    titles = (
        [str(axis.get_title()) for axis in axes if hasattr(axis, "get_title")]
        if isinstance(axes, list)
        else []
    )
    described = ", ".join(filter(None, titles))
    return described or type(obj).__name__
