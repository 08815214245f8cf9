"""One thing that was looked at, and the time it may take."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class State(Enum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Check:
    """What was looked at, and what was found.

    Attributes
    ----------
    name : str
        What was looked at.
    state : State
        A problem is what keeps nbsession from working.
    found : str
        What was found, in a line.
    remedy : str or None
        What to do.
    """

    name: str
    state: State
    found: str
    remedy: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """Return it for JSON."""
        return {"name": self.name, "state": self.state.value, "found": self.found, "remedy": self.remedy}


def limited(step: Callable[[], list[Check]], seconds: float) -> list[Check]:
    """Return a step's checks, or a problem where it fails or has not ended in time."""
    name = getattr(step, "func", step).__name__.removeprefix("check_").replace("_", " ")
    made: list[Check] = []

    def run() -> None:
        try:
            made.extend(step())
        except Exception as error:  # noqa: BLE001 -- a diagnosis does not end at what it is to find
            made.append(Check(name, State.PROBLEM, f"{type(error).__name__}: {error}"))

    # A daemon: what hangs does not keep the process.
    thread = threading.Thread(target=run, name=f"nbsession looks at {name}", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        return [Check(name, State.PROBLEM, f"not done within {seconds:g} s")]
    return made
