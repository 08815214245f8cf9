"""Parts: outputs that are shown apart from the rest of their session, while the calling code is inside a context."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .session import Session


class Part(Protocol):
    """A destination of the code's outputs and prints: an ``ipywidgets.Output`` that it has entered."""

    @property
    def name(self) -> str:
        """The name of the part's scope in each session."""
        ...

    @property
    def entered(self) -> bool:
        """Whether the code is still inside the part."""
        ...

    @property
    def header(self) -> dict[str, Any]:
        """The header of the message whose output is shown in the part."""
        ...

    def show(self, session: Session) -> None:
        """Show the session's outputs in the part, if they are not shown yet."""
        ...

    def cleared(self, session: Session) -> None:
        """Called when the part was cleared. Later outputs of the session show it again."""
        ...


parts_var: ContextVar[tuple[Part, ...]] = ContextVar("nbsession_parts", default=())


def current_part() -> Part | None:
    """Return the innermost part that the calling code is inside of."""
    # A task that was started inside a part may continue after the part has been left.
    return next((part for part in reversed(parts_var.get()) if part.entered), None)
