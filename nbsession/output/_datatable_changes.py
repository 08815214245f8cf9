"""``datatable_update``, ``datatable_insert`` and ``datatable_remove``."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbsession._core.brief import BRIEF
from nbsession._core.calling_code import caller_depth

from ._datatable_cells import flat, records_of
from ._datatable_names import find_datatable
from ._placement import showing_session

if TYPE_CHECKING:
    from ._datatable_model import Datatable
    from ._datatable_rows import RowId


def datatable_update(
    instance_id: str,
    data: Any,
    row_id: RowId | None = None,
    field: str | Sequence[str] | None = None,
) -> None:
    """Replace the rows of a data table, one row, or one cell.

    Parameters
    ----------
    instance_id : str
        The table's ``instance_id``.
    data : object
        Without ``row_id``, the new rows, as `put_datatable` takes them; with it, the row's new content as a dict; with
        ``field``, the cell's new value.
    row_id : str or int, optional
        The identity of the row.
    field : str or tuple of str, optional
        The key of the cell in the row; in nested records, the keys that lead to it.

    Raises
    ------
    ValueError
        If ``field`` is given without ``row_id``.

    Examples
    --------
    >>> from nbsession.output import datatable_update, put_datatable
    >>> put_datatable([{"course": "OS", "score": 80}], instance_id="courses")  # doctest: +SKIP
    >>> datatable_update("courses", 81, row_id=0, field="score")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.datatable_update``. The page keeps the reader's order, filter, selection and scroll
    position. A table or a row that does not exist is ignored, a table with a warning.
    """
    __tracebackhide__ = True
    with BRIEF:
        if row_id is None and field is not None:
            msg = "datatable_update() expects row_id together with field"
            raise ValueError(msg)
        table = _find("datatable_update", instance_id)
        if table is None:
            return
        if row_id is None:
            table.refill(data)
        elif field is None:
            record = flat("datatable_update", data)
            table.change(lambda rows: rows.replace(row_id, record))
        else:
            path = (field,) if isinstance(field, str) else tuple(map(str, field))
            table.change(lambda rows: rows.set(row_id, path, data))


def datatable_insert(instance_id: str, records: Any, row_id: RowId | None = None) -> None:
    """Insert rows into a data table.

    Parameters
    ----------
    instance_id : str
        The table's ``instance_id``.
    records : dict, or as `put_datatable` takes them
        One row, or several.
    row_id : str or int, optional
        The row before which they are inserted; by default, they follow the last one.

    Raises
    ------
    ValueError
        If a row has no identity, or that of another one.

    Examples
    --------
    >>> from nbsession.output import datatable_insert, put_datatable
    >>> put_datatable([{"course": "OS", "score": 80}], instance_id="courses")  # doctest: +SKIP
    >>> datatable_insert("courses", {"course": "DB", "score": 93})  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.datatable_insert``. Numbered rows get the numbers that follow the last one.
    """
    __tracebackhide__ = True
    with BRIEF:
        table = _find("datatable_insert", instance_id)
        if table is not None:
            given = [records] if isinstance(records, Mapping) else records
            made = records_of("datatable_insert", given)
            table.change(lambda rows: rows.insert(made, row_id))


def datatable_remove(instance_id: str, row_ids: RowId | Sequence[RowId]) -> None:
    """Remove rows of a data table.

    Parameters
    ----------
    instance_id : str
        The table's ``instance_id``.
    row_ids : str, int, or list of them
        The identities of the rows. Those that do not exist are ignored.

    Examples
    --------
    >>> from nbsession.output import datatable_remove, put_datatable
    >>> put_datatable([{"course": "OS", "score": 80}], instance_id="courses")  # doctest: +SKIP
    >>> datatable_remove("courses", 0)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.datatable_remove``.
    """
    __tracebackhide__ = True
    with BRIEF:
        table = _find("datatable_remove", instance_id)
        if table is not None:
            gone = [row_ids] if isinstance(row_ids, (str, int)) else list(row_ids)
            table.change(lambda rows: rows.remove(gone))


def _find(function: str, instance_id: str) -> Datatable | None:
    table = find_datatable(showing_session(function), str(instance_id))
    if table is None:
        warnings.warn(
            f"{function}() found no data table whose instance_id is {instance_id!r:.80}",
            stacklevel=caller_depth(),
        )
    return table
