"""A view of a session in a cell's output, and what its front end does with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session


# The beginning of the display ids of views.
DISPLAY = "nbsession-"
# The metadata of a rendition of what the view showed after the end of its cell.
LATER: dict[str, object] = {"nbsession": {"later": True}}


@dataclass(frozen=True)
class DisplayedView:
    """A view of a session in a cell's output.

    Parameters
    ----------
    session : Session
        The session.
    parent : dict
        The message whose output shows the view.
    name : str
        A name that no other view has.
    bundle : callable
        Returns the mimebundle with a given HTML.
    live : bool
        Whether front ends with widgets show a widget instead of the HTML.
    """

    session: Session
    parent: dict[str, Any]
    name: str
    bundle: Callable[[str], dict[str, object]]
    live: bool = True

    @property
    def display_id(self) -> str:
        return f"{DISPLAY}{self.name}"

    @property
    def written_by_page(self) -> bool:
        """Whether JupyterLab or Notebook 7 shows it, where the page writes renditions to the notebook."""
        metadata = self.parent.get("metadata")
        return self.live and isinstance(metadata, dict) and "deletedCells" in metadata

    @property
    def unattended(self) -> bool:
        """Whether a client has run the cell that has no reader, such as nbconvert."""
        content = self.parent.get("content")
        return isinstance(content, dict) and content.get("allow_stdin") is False

    @property
    def undisturbed(self) -> bool:
        """Whether an update at any time cannot disturb a reader: other front ends show the widget anew."""
        return self.written_by_page or self.unattended or not self.live
