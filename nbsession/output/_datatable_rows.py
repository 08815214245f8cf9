"""The rows of a data table, which the page and Python change in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from nbsession._core.tree import measure

from ._datatable_cells import Path, cell_of, field_of

RowId = str | int
Record = dict[Path, Any]


class Rows:
    """The rows of a data table.

    Parameters
    ----------
    records : list of dict
        Values by their paths.
    id_path : tuple of str, optional
        The path of the rows' identities; by default, the rows are numbered.

    Attributes
    ----------
    paths : list of tuple
        The paths of all fields, in the order of their first appearance.
    fields : list of str
        Their names in the page's format.
    cells : list of list
        The rows in the page's format (docs/protocol.md): each consists of its identity as a str, and of a cell for each
        field. Trailing cells can be missing.

    Raises
    ------
    ValueError
        If a record has no identity, or another record's.
    """

    def __init__(self, records: list[Record], id_path: Path | None) -> None:
        self._id_path = id_path
        self._next = 0
        self._indexes: dict[Path, int] = {}
        self.paths: list[Path] = []
        self.fields: list[str] = []
        self.cells: list[list[Any]] = []
        self._rows: dict[str, list[Any]] = {}
        self._ids: dict[str, RowId] = {}
        self.cells.extend(self._made("put_datatable", records))

    def id_of(self, text: object) -> RowId | None:
        """Return the identity that the page knows as ``text``; None if there is none."""
        return self._ids.get(text) if isinstance(text, str) else None

    def insert(self, records: list[Record], before: RowId | None) -> tuple[list[object], int]:
        """Insert rows before a row, or at the end. Return the change in the page's format, and the growth in bytes."""
        width = len(self.fields)
        made = self._made("datatable_insert", records)
        following = None if before is None else self._rows.get(str(before))
        index = len(self.cells) if following is None else _index(self.cells, following)
        self.cells[index:index] = made
        edit = ["insert", self._grown(width), made, None if following is None else following[0]]
        return edit, sum(map(measure, made))

    def replace(self, row_id: RowId, record: Record) -> tuple[list[object], int] | None:
        """Replace the content of a row. Return None if it does not exist."""
        row = self._rows.get(str(row_id))
        if row is None:
            return None
        width = len(self.fields)
        former = measure(row)
        row[:] = [row[0], *self._cells_of(record)]
        return ["replace", self._grown(width), row], measure(row) - former

    def set(self, row_id: RowId, path: Path, value: object) -> tuple[list[object], int] | None:
        """Set a cell. Return None if its row does not exist."""
        row = self._rows.get(str(row_id))
        if row is None:
            return None
        width, former = len(self.fields), measure(row)
        index = self._index(path) + 1
        row.extend([None] * (index + 1 - len(row)))
        row[index] = cell_of(value)
        return ["set", self._grown(width), row[0], index - 1, row[index]], measure(row) - former

    def remove(self, row_ids: Iterable[RowId]) -> tuple[list[object], int]:
        """Remove rows."""
        gone = {str(each) for each in row_ids if str(each) in self._rows}
        freed = sum(measure(self._rows.pop(each)) for each in gone)
        for each in gone:
            del self._ids[each]
        self.cells[:] = [row for row in self.cells if row[0] not in gone]
        return ["remove", sorted(gone)], -freed

    def _made(self, function: str, records: list[Record]) -> list[list[Any]]:
        """Return new rows, all or none of which are known then."""
        identified = []
        following = self._next
        for record in records:
            row_id: Any = following
            if self._id_path is None:
                following += 1
            elif self._id_path in record:
                row_id = cell_of(record[self._id_path])
            else:
                msg = f"{function}() found no {_name(self._id_path)!r} in the row {record!r:.80}"
                raise ValueError(msg)
            identified.append((str(row_id), row_id))
        seen = set(self._ids)
        for text, row_id in identified:
            if text in seen:
                msg = f"{function}() found two rows whose {_name(self._id_path)} is {row_id!r:.80}"
                raise ValueError(msg)
            seen.add(text)
        made = [
            [text, *self._cells_of(record)] for (text, _), record in zip(identified, records, strict=True)
        ]
        self._next = following
        self._ids.update(identified)
        self._rows.update((row[0], row) for row in made)
        return made

    def _cells_of(self, record: Record) -> list[Any]:
        cells: list[Any] = [None] * len(self.fields)
        for path, value in record.items():
            index = self._index(path)
            if index == len(cells):
                cells.append(None)
            cells[index] = cell_of(value)
        return cells

    def _index(self, path: Path) -> int:
        index = self._indexes.get(path)
        if index is None:
            index = self._indexes[path] = len(self.paths)
            self.paths.append(path)
            self.fields.append(field_of(path))
        return index

    def _grown(self, width: int) -> list[str] | None:
        """Return all fields if there were fewer."""
        return list(self.fields) if len(self.fields) > width else None


def _index(rows: Sequence[list[Any]], wanted: list[Any]) -> int:
    return next(index for index, row in enumerate(rows) if row is wanted)


def _name(path: Path | None) -> str:
    return "number" if path is None else " / ".join(path)
