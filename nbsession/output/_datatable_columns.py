"""The columns of a data table, as AG Grid wants them: https://www.ag-grid.com/javascript-data-grid/column-properties/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._datatable_cells import Path, field_of

Order = Iterable[str] | Mapping[str, Any]
Arguments = Mapping[str | tuple[str, ...], Mapping[str, Any]]


def columns_of(
    paths: Iterable[Path], order: Order | None, arguments: Arguments, *, titles: bool
) -> list[dict[str, Any]]:
    """Return the definitions of columns, those of nested records in groups.

    Parameters
    ----------
    paths : iterable of tuple
        The fields of the records, in the order of their first appearance.
    order : iterable of str, or mapping, optional
        The columns to show; nested as a mapping whose innermost values are anything else.
    arguments : mapping
        Properties of columns: by a key, those of each column with this key; by a tuple, those of the column with this
        path, and of the columns in the group with this path.
    titles : bool
        Whether the headers are the fields' names as words; otherwise, they are these names.
    """
    tree = _tree(paths) if order is None else _ordered(order)
    by_path = {
        tuple(map(str, key)): dict(each) for key, each in arguments.items() if isinstance(key, (tuple, list))
    }
    by_key = {str(key): dict(each) for key, each in arguments.items() if not isinstance(key, (tuple, list))}
    title = _words if titles else str

    def define(level: dict[str, Any], path: Path, inherited: dict[str, Any]) -> list[dict[str, Any]]:
        defined = []
        for key, inner in level.items():
            here = (*path, key)
            if inner:
                given = {**inherited, **by_path.get(here, {})}
                defined.append({"headerName": title(key), "children": define(inner, here, given)})
            else:
                given = {**inherited, **by_key.get(key, {}), **by_path.get(here, {})}
                defined.append({"headerName": title(key), **given, "field": field_of(here)})
        return defined

    return define(tree, (), {})


def _tree(paths: Iterable[Path]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path in paths:
        level = tree
        for key in path:
            level = level.setdefault(key, {})
    return tree


def _ordered(order: Order) -> dict[str, Any]:
    if not isinstance(order, Mapping):
        return {str(key): {} for key in order}
    return {str(key): _ordered(each) if isinstance(each, Mapping) else {} for key, each in order.items()}


def _words(key: str) -> str:
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]
