"""The move of a session to another page: what happens to its channel on the former page."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Protocol

from . import loss

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbsession._link import Buffer, Taken

    from .interfaces.channel import Caller
    from .outputs import Outputs


class _Page(Protocol):
    """The part of a page that is used here."""

    def unacknowledged(self, channel: int) -> list[list[Any]]:
        """Return the messages that were sent on a channel and may or may not have run."""
        ...


class _Session(Protocol):
    """The parts of a session that are used here."""

    number: int
    outputs: Outputs

    @property
    def page(self) -> object | None:
        """Its present page."""
        ...

    def receive(self, message: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:
        """Handle one message of a page."""
        ...


class _Delivery(Protocol):
    """The part of a session that sends."""

    def requeue(self, taken: Sequence[Taken]) -> set[int]:
        """Queue commands again that a page has not started. Return the numbers of the evals among them."""
        ...

    def lose(self, numbers: set[int]) -> None:
        """Let the calls of these evals raise PageLostError."""
        ...

    def lose_functions(self, page: object) -> None:
        """Remove the functions of a page that is gone."""
        ...

    def send_again(self, text: str, buffers: tuple[Buffer, ...]) -> None:
        """Send a command that was given to the former page."""
        ...


class Handover:
    """Receives messages for a session on its former page. Can be called on any thread.

    A living page answers ``left`` when it has run all messages. Its promises may take longer: their values also arrive
    here. A dead page never sends them: the waiting calls are woken.

    Parameters
    ----------
    session : Session
        The session.
    delivery : Delivery
        Its part that sends.
    page : Page
        The former page.
    left : callable
        Called once, when the page has run all messages or when the wait for it ends.
    """

    def __init__(
        self, session: _Session, delivery: _Delivery, page: _Page, left: Callable[[], object]
    ) -> None:
        self.session = session
        self._delivery = delivery
        self.number: int = session.number
        self.page = page
        self._owed: set[int] = set()  # the numbers of evals that the page has received and not answered
        self._left: Callable[[], object] | None = left
        self._lock = threading.Lock()

    def owe(self, numbers: set[int]) -> None:
        """Set the numbers of the evals that the page has received and not answered."""
        self._owed = numbers

    def opening(self) -> None:
        """Open nothing: the page's next context does not know the session."""

    def held(self) -> None:
        """Return None: a session is not a file."""

    def end(self, reason: str) -> None:
        """Do nothing: the session is notified of its end separately."""

    def receive(self, message: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:
        if message[0] == "left":
            self._over()
            return
        if message[0] in {"value", "error"} and len(message) > 1:
            self._owed.discard(message[1])
        self.session.receive(message, buffers, page)

    def lost(self, in_doubt: list[list[Any]], queued: list[str]) -> None:  # noqa: ARG002
        """Handle the end of the page. The session has taken back its messages."""
        owed, self._owed = self._owed, set()
        self._delivery.lose(owed)
        self._delivery.lose_functions(self.page)
        self._over()

    def leave(self, queued: list[str]) -> None:
        """Do nothing: `interrupted` follows."""

    def interrupted(self, in_doubt: list[list[Any]], taken: list[Taken]) -> None:
        """Handle the end of the page or of its context. The messages in ``taken`` have not run."""
        if not self.over:
            self._owed -= self._delivery.requeue(taken)
            loss.tell(self.session.outputs, in_doubt)
        self.lost(in_doubt, [])

    def give_up(self) -> None:
        """Stop waiting for the page's answer. Messages that it has not acknowledged may have run, or may still run."""
        in_doubt = self.page.unacknowledged(self.number)
        lost = self._owed & {body[1] for body in in_doubt if body[0] == "eval"}
        self._owed -= lost
        self._delivery.lose(lost)
        loss.tell(self.session.outputs, in_doubt)
        self._over()

    def stray(self, text: str, buffers: Sequence[Buffer]) -> None:
        """Process a message that was given to the page at the moment when the session left."""
        if loss.is_command(text):
            self._owed -= loss.evals([text])
            self._delivery.send_again(text, tuple(buffers))

    @property
    def over(self) -> bool:
        """Whether the page has answered or has ended."""
        return self._left is None

    def _over(self) -> None:
        with self._lock:
            left, self._left = self._left, None
        if left is not None:
            left()
