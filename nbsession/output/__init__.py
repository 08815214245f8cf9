"""The output API: the names of ``pywebio.output``, for notebooks.

>>> from nbsession.output import put_text, use_scope
>>> put_text("hello")  # doctest: +SKIP

Each function shows output in the place of the calling code's session, a cell's output or an app's view. It returns an
`Output` that can be updated and removed.
"""

from __future__ import annotations

from ._anything import put
from ._buttons import put_button, put_buttons
from ._constants import OutputPosition, PopupSize, Position
from ._containers import put_collapse, put_scrollable, put_tabs
from ._datatable import put_datatable
from ._datatable_changes import datatable_insert, datatable_remove, datatable_update
from ._files import put_file
from ._images import put_image
from ._js_function import JSFunction
from ._layout import put_column, put_grid, put_row
from ._links import put_link
from ._loading import put_loading
from ._markdown import put_markdown
from ._messages import put_error, put_info, put_success, put_warning
from ._output import Output
from ._popups import close_popup, popup
from ._progress import put_progressbar, set_progressbar
from ._scope_names import get_scope, set_scope
from ._scopes import clear, put_scope, remove, scroll_to, use_scope
from ._source import put_code
from ._superseded import OutputHandler, clear_scope, output, put_processbar, set_processbar, style
from ._tables import put_table, span
from ._text import put_html, put_text
from ._toasts import toast
from ._widgets import put_widget

__all__ = [
    "JSFunction",
    "Output",
    "OutputHandler",
    "OutputPosition",
    "PopupSize",
    "Position",
    "clear",
    "clear_scope",
    "close_popup",
    "datatable_insert",
    "datatable_remove",
    "datatable_update",
    "get_scope",
    "output",
    "popup",
    "put",
    "put_button",
    "put_buttons",
    "put_code",
    "put_collapse",
    "put_column",
    "put_datatable",
    "put_error",
    "put_file",
    "put_grid",
    "put_html",
    "put_image",
    "put_info",
    "put_link",
    "put_loading",
    "put_markdown",
    "put_processbar",
    "put_progressbar",
    "put_row",
    "put_scope",
    "put_scrollable",
    "put_success",
    "put_table",
    "put_tabs",
    "put_text",
    "put_warning",
    "put_widget",
    "remove",
    "scroll_to",
    "set_processbar",
    "set_progressbar",
    "set_scope",
    "span",
    "style",
    "toast",
    "use_scope",
]


def __dir__() -> list[str]:
    return __all__
