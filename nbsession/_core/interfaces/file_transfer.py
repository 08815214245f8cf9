"""The interface of platforms whose pages fetch files over HTTP instead of receiving them through their link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Transfer(Protocol):
    """One file that is sent to the browser. Can be used on any thread.

    It notifies its download by ``progress(sent)``, ``delivered()`` and ``fail(error)``.
    """

    @property
    def url(self) -> str | None:
        """The file's address, relative to the page's; None after the page has requested it."""
        ...

    def clicked(self) -> None:
        """Handle the page's report that it has told its browser to fetch the file."""
        ...

    def send(self, piece: bytes) -> None:
        """Queue the next bytes."""
        ...

    def end(self) -> None:
        """Mark the end of the file."""
        ...

    def close(self) -> None:
        """Drop the file. A browser that has not received all of it sees a broken connection."""
        ...

    def waiting(self) -> int:
        """Return the number of queued bytes."""
        ...

    def on_drained(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when queued bytes have been sent, or when the file is dropped."""
        ...
