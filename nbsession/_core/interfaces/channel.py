"""What stands behind one channel of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbsession._core.session import Session
    from nbsession._link import Buffer


class Channel(Protocol):
    """What receives the messages of one channel: a session or a download."""

    number: int

    @property
    def session(self) -> Session:
        """The session it belongs to; a session's is itself."""
        ...

    def held(self) -> tuple[int, int] | None:
        """Return what a file that the page is to fetch by HTTP keeps: of what content, and how many bytes."""
        ...

    def end(self, reason: str) -> None:
        """Learn that the session has been closed."""
        ...

    def opening(self) -> dict[str, object] | None:
        """Describe the channel to a page (the ``open`` message); None: it is not to be opened again."""
        ...

    def receive(self, message: list[Any], buffers: Sequence[Buffer]) -> None:
        """Take one message of the page, on the thread that receives: quickly."""
        ...

    def leave(self, queued: list[str]) -> None:
        """Learn that the page is gone and the session goes on with another one.

        ``queued`` are this channel's messages (as JSON text) that have not been sent.
        """
        ...

    def lost(self, in_doubt: list[list[Any]], queued: list[str]) -> None:
        """Learn that the page's JavaScript context died.

        ``in_doubt`` are this channel's messages that may have run; ``queued`` are those (as JSON text) that have not
        been begun and go to the next context.
        """
        ...
