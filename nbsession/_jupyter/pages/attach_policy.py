"""The absence of a page: how long calls wait for the first one, and the error if none attaches."""

from __future__ import annotations

import os
import threading
from time import monotonic
from typing import TYPE_CHECKING

from nbsession._core.calling_code import beside_var

from .front_ends import front_ends, in_voila

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nbsession._core.session import Session
    from nbsession._jupyter.cells.cell import Cells

# Seconds in which the first page must send its hello.
_WITHIN = 10.0
# The same limit if no front end can be expected. A call after this time waits only as long as an existing page needs to
# attach.
_WITHIN_ALONE = 1.5
_AT_LEAST = 0.05


class AttachPolicy:
    """Time limits and messages of a kernel without a page.

    Parameters
    ----------
    cells : Cells
        The cells, which know which client runs a session's cell.
    greetings : callable
        Returns the number of hellos that this kernel has received.
    """

    def __init__(self, cells: Cells, greetings: Callable[[], int]) -> None:
        self._cells = cells
        self._greetings = greetings
        self._since: float | None = None
        self._early: float | None = None  # when Voila's page was last found missing
        # Front-end connections in which a call has waited in vain, and the number of hellos at that time.
        self._in_vain: dict[str | None, int] = {}

    def begins(self) -> None:
        """Record that a page is needed. Can be called repeatedly."""
        if self._since is None:
            self._since = monotonic()

    def alone(self, session: Session) -> bool:
        """Return whether the session's cell was run by a client without a front end.

        A client that does not answer ``input()`` is not JupyterLab. A page that once attached, or a browser that the
        environment selects, overrides this.
        """
        if self._greetings() or os.environ.get("NBSESSION_BROWSER"):
            return False
        scope = self._cells.scope_of(session)
        if scope is None or not scope.unattended:
            return False
        # With progressive rendering, Voila runs the cells for a page that is already open.
        return not (in_voila() and front_ends())

    def early(self) -> bool:
        """Return whether Voila runs the cells before it shows the page, which appears after all of them have ended."""
        return in_voila() and front_ends() == 0

    def patience(self, session: Session, *, awaited: bool = False) -> float:
        """Return the seconds that a call may wait for the first page, or before `reason` is called."""
        if not self.alone(session):
            # A page that attached in the meantime, or another front end, justifies another wait.
            in_vain = self._in_vain.get(session.peer) == self._greetings()
            return _AT_LEAST if in_vain else _WITHIN
        if self.early():
            self._early = monotonic()
            return 0.0 if self._cell_waits(session, awaited=awaited) else _WITHIN
        waited = 0.0 if self._since is None else monotonic() - self._since
        return max(_AT_LEAST, _WITHIN_ALONE - waited)

    def _cell_waits(self, session: Session, *, awaited: bool) -> bool:
        """Return whether the running cell, or the kernel, waits for the calling code, so that no other cell can run."""
        if threading.current_thread() is not threading.main_thread():
            return False
        return not awaited or (self._cells.runs(session) and not beside_var.get())

    def _cell_may_join(self, session: Session) -> bool:
        """Return whether the cell may be waiting for the calling thread. A cell does not wait for apps or tasks."""
        return session.app is None and not beside_var.get() and self._cells.runs(session)

    def reason(self, session: Session, *, awaited: bool = False) -> str | None:
        """Return the error message for a call that has waited in vain. Later calls of the same front end wait less.

        None means that the call may continue to wait: Voila has not shown its page yet, or has just done so.
        """
        waits = self._cell_waits(session, awaited=awaited) or self._cell_may_join(session)
        if not waits and self._early is not None and monotonic() - self._early < 1.5 * _WITHIN:
            return None
        self._in_vain[session.peer] = self._greetings()
        return self.causes(session)

    def causes(self, session: Session) -> str:
        """Return possible causes of the missing page, and remedies."""
        if self.alone(session) and in_voila():
            return (
                "no browser is connected yet: Voila runs all cells before it shows the page. Call eval_js in an app "
                "(start_server), in a registered thread or in the callback of a button, or serve with "
                "voila --progressive_rendering=True. run_js, download and outputs wait for the page"
            )
        if self.alone(session):
            return (
                f"no browser answered within {_WITHIN_ALONE:g} s: this notebook is run without a front end "
                "(nbconvert, papermill, nbval). Set NBSESSION_BROWSER=headless in the environment to get a browser "
                "(for nbval: pytest --nbval --nbsession), or use eval_js(..., default_=value)"
            )
        return (
            f"no browser answered within {_WITHIN:g} s. Either this front end shows no widgets, or anywidget or "
            "jupyterlab_widgets is missing where the Jupyter *server* runs (pip install anywidget in its environment, "
            "then reload the page), or the page blocks JavaScript; NBSESSION_BROWSER=open opens the kernel's own page "
            "instead"
        )

    def undelivered(self, sessions: Iterable[Session]) -> str | None:
        """Return the final report about commands that no page has received."""
        if self._greetings():
            return None
        counts = [
            sum(each) for each in zip(*(session.delivery.undelivered for session in sessions), strict=True)
        ]
        names = ("run_js", "output", "download")
        said = [
            f"{count} {name}{'s' if count > 1 and name != 'run_js' else ''}"
            for name, count in zip(names, counts, strict=False)
            if count
        ]
        if not said:
            return None
        return (
            f"no browser received this notebook's {', '.join(said)}; set NBSESSION_BROWSER=headless to get one "
            "(for nbval: pytest --nbval --nbsession)"
        )
