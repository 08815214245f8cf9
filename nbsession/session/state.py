"""Where a session stands."""

from __future__ import annotations

import enum


class SessionState(enum.Enum):
    """Where a session stands."""

    CREATED = "created"  # no page yet: commands wait in Python
    ATTACHED = "attached"  # commands go to a page
    DETACHED = "detached"  # its page is away and may come back
    CLOSED = "closed"  # for good, with a reason
