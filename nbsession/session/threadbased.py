"""Apps that are functions: each run has a thread of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from .app import App
from .forked import EndsChildren
from .place import inside

if TYPE_CHECKING:
    from collections.abc import Callable

    from .app import Host
    from .base import Session


class FunctionApp(App):
    """One run of a function app.

    Parameters
    ----------
    session, name, host
        See `App`.
    function : callable
        The app; called without arguments.
    """

    def __init__(self, session: Session, name: str, host: Host, function: Callable[[], object]) -> None:
        super().__init__(session, name, host)
        self._function = function

    def start(self) -> None:
        name = f"nbsession app {self.name} {self.session.number}"
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def _run(self) -> None:
        with inside(self.session):
            try:
                with EndsChildren():
                    self._function()
            except SystemExit:
                pass
            except BaseException as error:  # noqa: BLE001 -- whatever the app raises is shown to the reader
                self.fail(error)
                return
        self.returned()
