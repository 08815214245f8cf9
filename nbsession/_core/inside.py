"""The scope of a session's own threads: their calls and prints belong to the session."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .current import SessionScope, scope_var

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .session import Session


@contextmanager
def inside(session: Session) -> Iterator[None]:
    """Run the body on behalf of ``session``, which gets its calls and prints."""
    token = scope_var.set(SessionScope(session))
    try:
        yield
    finally:
        scope_var.reset(token)
