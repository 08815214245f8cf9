"""The place of a session's own threads: their calls and prints are the session's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .current import SessionScope, scope_var

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .session import Session


@contextmanager
def inside(session: Session) -> Iterator[None]:
    """Run the body on behalf of ``session``: its calls go there, and so does what it prints."""
    token = scope_var.set(SessionScope(session))
    try:
        yield
    finally:
        scope_var.reset(token)
