"""Parts: what is shown apart from the rest of its session, for as long as the calling code is inside of something."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .session import Session


class Part(Protocol):
    """Where what the code puts and prints goes: an ``ipywidgets.Output`` that it has entered."""

    @property
    def name(self) -> str:
        """The name of the scope that it is in each session."""
        ...

    @property
    def entered(self) -> bool:
        """Whether the code is still inside of it."""
        ...

    @property
    def header(self) -> dict[str, Any]:
        """The header of the message whose output is shown there."""
        ...

    def show(self, session: Session) -> None:
        """Show what the session has put there, if it is not shown yet."""
        ...

    def cleared(self, session: Session) -> None:
        """What the session has put there was cleared; what it puts there next is shown again."""
        ...


parts_var: ContextVar[tuple[Part, ...]] = ContextVar("nbsession_parts", default=())


def current_part() -> Part | None:
    """Return the innermost part that the calling code is inside of."""
    # A task that was started inside of one may still run when it has been left.
    return next((part for part in reversed(parts_var.get()) if part.entered), None)
