"""What Python knows of a data table: its rows, and the functions that it calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._datatable_cells import records_of
from ._datatable_names import forget_datatable, name_datatable
from ._datatable_rows import RowId, Rows

if TYPE_CHECKING:
    from nbsession._core.session import Session

    from ._datatable_cells import Path

Chosen = Callable[[Any], object]
"""A function that gets the identity of the selected row, or a list of them."""


class Datatable:
    """A data table in Python.

    Attributes
    ----------
    name : str
        The name for `datatable_update` and the like; ``""`` if it has none.
    framed : bool
        Whether its records were a data frame, whose columns keep their names.
    """

    def __init__(self) -> None:
        self.name = ""
        self.framed = False
        self._rows = Rows([], None)
        self._given: object = None
        self._id_path: Path | None = None
        self._actions: Sequence[Chosen | None] = ()
        self._onselect: Chosen | None = None
        self._multiple = False
        self._session: Session | None = None
        self._key = -1

    def fill(self, records: Iterable[Any], id_path: Sequence[str] | None) -> Rows:
        """Take records, and return the rows. The same ones again change nothing: rows may have been inserted since."""
        path = None if id_path is None else tuple(map(str, id_path))
        if records is not self._given or path != self._id_path:
            self._rows = Rows(records_of("put_datatable", records), path)
            self._given, self._id_path = records, path
            self.framed = hasattr(records, "columns") or hasattr(records, "column_names")
        return self._rows

    def configure(
        self,
        name: str,
        actions: Sequence[Chosen | None],
        onselect: Chosen | None,
        *,
        multiple: bool,
    ) -> None:
        """Set what it calls, and its name."""
        self.name, self._actions, self._onselect, self._multiple = name, actions, onselect, multiple
        if self._session is not None:
            name_datatable(self._session, self)

    def shown_as(self, session: Session, key: int) -> None:
        """Handle that it is shown."""
        self._session, self._key = session, key
        name_datatable(session, self)
        # The session holds it, and so the name does.
        session.outputs.when_removed(key, self._removed)

    def _removed(self) -> None:
        if self._session is not None:
            forget_datatable(self._session, self)

    # -- changes ----------------------------------------------------------------------------------

    def change(self, make: Callable[[Rows], tuple[list[object], int] | None]) -> None:
        """Change the rows, in Python and on the page."""
        session = self._session
        assert session is not None
        session.check_open()
        session.outputs.edit(self._key, lambda: make(self._rows))

    def refill(self, records: Iterable[Any]) -> None:
        """Replace all rows. The columns stay."""
        session = self._session
        assert session is not None
        session.check_open()
        self._rows = Rows(records_of("datatable_update", records), self._id_path)
        session.outputs.update(self._key, fields=self._rows.fields, rows=self._rows.cells)

    # -- what the reader does ---------------------------------------------------------------------

    def chosen(self, value: object) -> object:
        """Handle that the reader has selected rows, or pressed a button with rows selected. The page is not trusted."""
        given = value if isinstance(value, Mapping) else {}
        action, texts = given.get("action"), given.get("rows")
        function = self._onselect if action is None else self._action(action)
        known = [self._rows.id_of(text) for text in texts] if isinstance(texts, list) else []
        ids: list[RowId] = [each for each in known if each is not None]
        if function is None or not ids:
            return None
        return function(ids if self._multiple else ids[0])

    def _action(self, index: object) -> Chosen | None:
        there = type(index) is int and 0 <= index < len(self._actions)
        return self._actions[index] if there else None  # type: ignore[call-overload]
