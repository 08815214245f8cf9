"""``put_widget``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._content import Content
from ._output import Output
from ._shown import show
from ._template import rendered

if TYPE_CHECKING:
    from ._placement import Scope


def put_widget(template: str, data: Mapping[str, Any], scope: Scope = None, position: int = -1) -> Output:
    """Show HTML that a template makes of data and other outputs.

    Parameters
    ----------
    template : str
        A `Mustache <https://mustache.github.io/mustache.5.html>`_ template. ``{{name}}`` shows a value as text.
        ``{{#name}}...{{/name}}`` repeats its content for each item of a list, and shows it for any other value that is
        not empty. Inside it, ``{{& pywebio_output_parse}}`` is the place of an item that is the return value of a
        ``put_...`` function; any other item is shown as text.
    data : dict
        The values by name: texts, numbers, lists, dicts, the return values of ``put_...`` functions, and what
        `run_js` converts to these, such as dates and data frames.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError
        If the template is not a str, or the data are not a dict of such values.
    ValueError
        If the template has a section without an end, or the end of another one.

    Examples
    --------
    >>> from nbsession.output import put_table, put_widget
    >>> template = '''
    ... <details {{#open}}open{{/open}}>
    ...   <summary>{{title}}</summary>
    ...   {{#contents}}
    ...     {{& pywebio_output_parse}}
    ...   {{/contents}}
    ... </details>
    ... '''
    >>> contents = ["text", put_table([["name", "score"], ["Ada", 3]])]  # doctest: +SKIP
    >>> put_widget(template, {"open": True, "title": "More", "contents": contents})  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_widget``. The page sanitizes the HTML: no scripts run, neither those of the
    template nor those of the data. CSS classes, style attributes and ``details`` are kept. An output that the template
    leaves out is not visible.
    """
    return show("put_widget", scope, position, _widget, template, data)


def _widget(template: str, data: Mapping[str, Any]) -> Content:
    written: object = template
    if not isinstance(written, str):
        msg = f"put_widget() expects the template as a str, not {type(written).__name__}: {written!r:.80}"
        raise TypeError(msg)
    given: object = data
    if not isinstance(given, Mapping):
        msg = f"put_widget() expects data to be a dict, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    html, slots, outputs = rendered(str(template), data)
    return Content("widget", {"html": html, "slots": slots}, outputs)
