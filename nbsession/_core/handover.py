"""A session that goes on another page: what becomes of its channel on the one that it leaves."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from . import loss

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._link import Buffer, Taken

    from .page import Page
    from .session import Session


class Handover:
    """Stands in for a session on the page that it leaves. Any thread.

    A page that is there answers ``left`` when it has run all that it was sent. Its promises may take longer: their
    values come this way afterwards. One that is gone owes them for ever: who waits for them is woken.

    Parameters
    ----------
    session : Session
        The session.
    page : Page
        The page that it leaves.
    left : callable
        Called once, when the page has run all or is not waited for any longer.
    """

    def __init__(self, session: Session, page: Page, left: Callable[[], object]) -> None:
        self.session = session
        self.number: int = session.number
        self.page = page
        self._owed: set[int] = set()  # the numbers of the evals that the page was sent and has not answered
        self._left: Callable[[], object] | None = left
        self._lock = threading.Lock()

    def owe(self, numbers: set[int]) -> None:
        """Note which evals the page was sent and has not answered."""
        self._owed = numbers

    def opening(self) -> None:
        """Nothing is opened in its name: the page's next context does not know of it."""

    def held(self) -> None:
        """Return None: it is no file."""

    def end(self, reason: str) -> None:
        """Do nothing: the session knows that it was closed."""

    def receive(self, message: list[Any], buffers: Sequence[Buffer]) -> None:
        if message[0] == "left":
            self._over()
            return
        if message[0] in {"value", "error"} and len(message) > 1:
            self._owed.discard(message[1])
        self.session.receive(message, buffers)

    def lost(self, in_doubt: list[list[Any]], queued: list[str]) -> None:  # noqa: ARG002
        """Take note that the page is gone, and that the session has taken back what it was sent."""
        owed, self._owed = self._owed, set()
        self.session.lose(owed)
        self._over()

    def leave(self, queued: list[str]) -> None:
        """Do nothing: `interrupted` follows."""

    def interrupted(self, in_doubt: list[list[Any]], taken: list[Taken]) -> None:
        """Take note that the page is gone, or has another context: it has not run what is ``taken`` back."""
        if not self.over:
            self._owed -= self.session.requeue(taken)
            loss.tell(self.session.outputs, in_doubt)
        self.lost(in_doubt, [])

    def give_up(self) -> None:
        """Wait no longer for the page to answer: what it has not acknowledged may have run, or may run yet."""
        in_doubt = self.page.unacknowledged(self.number)
        lost = self._owed & {body[1] for body in in_doubt if body[0] == "eval"}
        self._owed -= lost
        self.session.lose(lost)
        loss.tell(self.session.outputs, in_doubt)
        self._over()

    def stray(self, text: str, buffers: Sequence[Buffer]) -> None:
        """Take a message that was given to the page at the moment when the session left."""
        if loss.is_command(text):
            self._owed -= loss.evals([text])
            self.session.send_again(text, tuple(buffers))

    @property
    def over(self) -> bool:
        """Whether the page has answered, or is gone."""
        return self._left is None

    def _over(self) -> None:
        with self._lock:
            left, self._left = self._left, None
        if left is not None:
            left()
