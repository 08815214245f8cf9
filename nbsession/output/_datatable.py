"""``put_datatable``."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from nbsession._core.brief import BRIEF
from nbsession._core.calling_code import caller_depth
from nbsession._core.css_length import length

from ._content import Content
from ._datatable_columns import columns_of
from ._datatable_model import Chosen, Datatable
from ._js_function import Options
from ._shown import show

if TYPE_CHECKING:
    from ._datatable_columns import Arguments, Order
    from ._output import Output
    from ._placement import Scope

Theme = Literal["alpine", "alpine-dark", "balham", "balham-dark", "material"]
THEMES = ("alpine", "alpine-dark", "balham", "balham-dark", "material")
_ACTION = 2  # the label and the function


def put_datatable(
    records: Iterable[Any],
    actions: Sequence[tuple[str, Chosen] | None] | None = None,
    onselect: Chosen | None = None,
    multiple_select: bool = False,
    id_field: str | tuple[str, ...] | None = None,
    height: int | str = 600,
    theme: Theme = "balham",
    cell_content_bar: bool = True,
    instance_id: str = "",
    column_order: Order | None = None,
    column_args: Arguments | None = None,
    grid_args: Mapping[str, Any] | None = None,
    enterprise_key: str = "",
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show a table that the reader can sort, filter and select in, with any number of rows.

    Parameters
    ----------
    records : list of dicts or dataclasses, or a data frame
        The rows. Dicts can be nested. Also a DataFrame of pandas or polars, a table of pyarrow, an array of numpy.
    actions : list of (str, callable), optional
        Buttons that appear when rows are selected: each label, and the function that gets the identity of the selected
        row. None separates buttons.
    onselect : callable, optional
        Gets the identity of the selected row.
    multiple_select : bool
        Whether several rows can be selected. The functions then get a list of identities.
    id_field : str or tuple of str, optional
        The key whose value identifies a row, or for nested records, the keys that lead to it. By default, the rows are
        numbered from 0.
    height : int or str
        The height in pixels, or as a CSS length; ``'auto'`` for that of all rows.
    theme : {'balham', 'alpine', 'material', 'balham-dark', 'alpine-dark'}
        The look. The first three take the page's colours.
    cell_content_bar : bool
        Whether a bar below the table shows the whole content of the focused cell.
    instance_id : str
        The name for `datatable_update`, `datatable_insert` and `datatable_remove`.
    column_order : list of str, or dict, optional
        The columns to show, in this order; required if there are no records. For nested records, a nested dict:
        ``{'a': {'b': None}}``.
    column_args : dict, optional
        AG Grid's column properties by key. A tuple as the key is the path in nested records.
    grid_args : dict, optional
        AG Grid's grid options. They and ``column_args`` can contain `JSFunction` objects.
    enterprise_key : str
        Ignored with a warning: the community edition is included.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError
        If ``records`` is none of these, or an option cannot be sent.
    ValueError
        If two rows have the same identity, or an option is invalid.

    Examples
    --------
    >>> from nbsession.output import put_datatable, toast
    >>> put_datatable(  # doctest: +SKIP
    ...     [{"course": "OS", "score": 80}, {"course": "DB", "score": 93}],
    ...     actions=[("Show", lambda row: toast(f"row {row}"))],
    ... )

    Notes
    -----
    Corresponds to ``pywebio.output.put_datatable``. The table is AG Grid (https://www.ag-grid.com/javascript-data-grid),
    which the page loads when it first shows one. On the page, ``ag_grid_NAME_promise`` resolves to the grid's options
    with its ``api``, where NAME is ``instance_id``.
    """
    __tracebackhide__ = True
    with BRIEF:
        model = Datatable()
        output = show(
            "put_datatable",
            scope,
            position,
            _datatable,
            records,
            actions=actions,
            onselect=onselect,
            multiple_select=multiple_select,
            id_field=id_field,
            height=height,
            theme=theme,
            cell_content_bar=cell_content_bar,
            instance_id=instance_id,
            column_order=column_order,
            column_args=column_args,
            grid_args=grid_args,
            enterprise_key=enterprise_key,
            into=model,
        )
        model.shown_as(output.session, output.key)
        return output


def _datatable(
    records: Iterable[Any],
    actions: Sequence[tuple[str, Chosen] | None] | None = None,
    onselect: Chosen | None = None,
    multiple_select: bool = False,
    id_field: str | tuple[str, ...] | None = None,
    height: int | str = 600,
    theme: Theme = "balham",
    cell_content_bar: bool = True,
    instance_id: str = "",
    column_order: Order | None = None,
    column_args: Arguments | None = None,
    grid_args: Mapping[str, Any] | None = None,
    enterprise_key: str = "",
    *,
    into: Datatable,
) -> Content:
    if theme not in THEMES:
        msg = f"put_datatable() expects theme to be one of {', '.join(THEMES)}, not {theme!r:.80}"
        raise ValueError(msg)
    labels, functions = _actions(actions)
    rows = into.fill(records, (id_field,) if isinstance(id_field, str) else id_field)
    into.configure(str(instance_id), functions, onselect, multiple=bool(multiple_select))
    options = Options("put_datatable")
    columns = columns_of(rows.paths, column_order, column_args or {}, titles=not into.framed)
    selectable = bool(functions) or onselect is not None
    if enterprise_key:
        warnings.warn(
            "put_datatable() ignores enterprise_key: nbsession includes the community edition of AG Grid",
            stacklevel=caller_depth(),
        )
    fields = {
        "fields": rows.fields,
        "rows": rows.cells,
        "columns": options.plain(columns, ("columns",)),
        "options": options.plain(dict(grid_args or {}), ("options",)),
        "functions": options.functions,
        "actions": labels,
        "select": ("multiple" if multiple_select else "single") if selectable else None,
        "onselect": onselect is not None,
        "height": "auto" if height == "auto" else length("put_datatable", "height", height),
        "theme": theme,
        "bar": bool(cell_content_bar),
        "name": str(instance_id),
    }
    return Content("datatable", fields, called=into.chosen)


def _actions(
    actions: Sequence[tuple[str, Chosen] | None] | None,
) -> tuple[list[str | None], list[Chosen | None]]:
    labels: list[str | None] = []
    functions: list[Chosen | None] = []
    given: Sequence[Any] = actions or ()
    for action in given:
        if action is None:
            labels.append(None)
            functions.append(None)
        elif isinstance(action, (tuple, list)) and len(action) == _ACTION and callable(action[1]):
            labels.append(str(action[0]))
            functions.append(action[1])
        else:
            msg = f"put_datatable() expects an action to be a (label, function) pair or None, not {action!r:.80}"
            raise TypeError(msg)
    return labels, functions
