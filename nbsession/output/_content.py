"""What an output consists of: the node that the page shows, and what the node does in Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from nbsession._core.inputs import Input

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

    from ._output import Output


class Entered(Input, Protocol):
    """An output into which the reader enters something: a pin."""

    def shown_as(self, session: Session, key: int) -> None:
        """Handle that its node is about to be shown."""
        ...

    def removed(self) -> None:
        """Handle that its node was removed."""
        ...


@dataclass(frozen=True)
class Content:
    """The content of an output.

    Parameters
    ----------
    kind : str
        The node's kind (docs/protocol.md).
    fields : dict
        The node's fields: JSON values, and bytes.
    nested : list of Output
        Outputs that move into the node; their index in the list is their slot.
    called : callable, optional
        Called with the page's value when the reader uses the output.
    serial : bool
        Whether calls run one after the other.
    pressed : bool
        Whether it consists of buttons, which are busy while their functions run.
    entered : Entered, optional
        Gets the events of a pin.
    container : bool
        Whether outputs can be shown inside it: it is then a context manager.
    passing : bool
        Whether it is removed when the ``with`` block ends.
    closable : bool
        Whether the reader can remove it.
    """

    kind: str
    fields: dict[str, Any]
    nested: list[Output] = field(default_factory=list)
    called: Callable[[Any], object] | None = None
    serial: bool = True
    pressed: bool = False
    entered: Entered | None = None
    container: bool = False
    passing: bool = False
    closable: bool = False
