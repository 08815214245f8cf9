"""The owner of one channel of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbsession._link import Buffer


class ChannelOwner(Protocol):
    """The session that a channel belongs to, as its page knows it."""

    number: int

    @property
    def page(self) -> object | None:
        """The page of the session."""
        ...


class Caller(Protocol):
    """A page that has called a function.

    Attributes
    ----------
    context : str
        The id of its JavaScript context, which a reload replaces.
    """

    context: str

    def answer(self, channel: int, text: str, buffers: Sequence[Buffer]) -> None:
        """Send the answer to a call that this page has made."""
        ...

    def waiting(self, channel: int | None = None) -> int:
        """Return the number of bytes that are queued on a channel."""
        ...

    def violate(self, what: str) -> None:
        """Handle a violation of the budget."""
        ...


class Channel(Protocol):
    """Receives the messages of one channel: a session or a download."""

    number: int

    @property
    def session(self) -> ChannelOwner:
        """The session that the channel belongs to."""
        ...

    def held(self) -> tuple[int, int] | None:
        """Return a file's content id and the bytes kept until the page fetches it over HTTP; otherwise None."""
        ...

    def end(self, reason: str) -> None:
        """Handle the end of the session."""
        ...

    def opening(self) -> dict[str, object] | None:
        """Return the message that opens the channel on a page; None if it must not be opened again."""
        ...

    def receive(self, message: list[Any], buffers: Sequence[Buffer], page: Caller) -> None:
        """Process one message of ``page``. Called on the receiving thread, so it must return quickly."""
        ...

    def leave(self, queued: list[str]) -> None:
        """Handle the end of the page. The session continues on another page.

        ``queued`` are this channel's unsent messages, as JSON text.
        """
        ...

    def lost(self, in_doubt: list[list[Any]], queued: list[str]) -> None:
        """Handle the end of the page's JavaScript context.

        ``in_doubt`` are this channel's messages that may have run. ``queued`` are the messages, as JSON text, that have
        not started and go to the next context.
        """
        ...
