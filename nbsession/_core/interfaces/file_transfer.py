"""What a download needs of a platform whose pages fetch files by HTTP instead of taking them by their link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Transfer(Protocol):
    """One file on its way to the browser. Any thread.

    It tells its download by ``progress(sent)``, ``delivered()`` and ``fail(error)``.
    """

    @property
    def url(self) -> str | None:
        """Where the page fetches it, relative to its own address; None when that has begun."""
        ...

    def clicked(self) -> None:
        """Learn that the page has told its browser to fetch the file."""
        ...

    def send(self, piece: bytes) -> None:
        """Queue the next bytes."""
        ...

    def end(self) -> None:
        """Learn that this was all."""
        ...

    def close(self) -> None:
        """Forget the file; a browser that has not got all of it finds the connection broken."""
        ...

    def waiting(self) -> int:
        """Return how many bytes are queued."""
        ...

    def on_drained(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` the next time something queued has gone out, or the file is forgotten."""
        ...
