"""The data tables that code can name: those of one app, or in a notebook or a script, of the whole process."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakValueDictionary

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

if TYPE_CHECKING:
    from nbsession._core.app import App
    from nbsession._core.session import Session

    from ._datatable_model import Datatable

    Names = WeakValueDictionary[str, Datatable]

_lock = InterruptSafeLock()
# A notebook, a script and a test have one process.
_of_process: Names = WeakValueDictionary()
_of_apps: WeakKeyDictionary[App, Names] = WeakKeyDictionary()


def name_datatable(session: Session, table: Datatable) -> None:
    """Let a table be found by its name. The former one with this name is not found any more."""
    with _lock:
        if table.name:
            _names(session)[table.name] = table


def forget_datatable(session: Session, table: Datatable) -> None:
    """Handle that a table was removed."""
    with _lock:
        names = _names(session)
        if names.get(table.name) is table:
            del names[table.name]


def find_datatable(session: Session, name: str) -> Datatable | None:
    """Return the newest table of a name; None if there is none."""
    with _lock:
        return _names(session).get(name)


def _names(session: Session) -> Names:
    app = session.app
    if app is None:
        return _of_process
    return _of_apps.setdefault(app, WeakValueDictionary())
