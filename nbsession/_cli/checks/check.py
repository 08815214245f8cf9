"""One check, and its time limit."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class State(Enum):
    """The result of a check."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Check:
    """One check and its result.

    Attributes
    ----------
    name : str
        The name of the check.
    state : State
        Only a problem prevents nbsession from working.
    found : str
        The finding, in one line.
    remedy : str or None
        The solution.
    """

    name: str
    state: State
    found: str
    remedy: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """Return the check as a dict for JSON."""
        return {"name": self.name, "state": self.state.value, "found": self.found, "remedy": self.remedy}


def limited(step: Callable[[], list[Check]], seconds: float) -> list[Check]:
    """Return a step's checks, or a problem if the step fails or exceeds its time limit."""
    name = getattr(step, "func", step).__name__.removeprefix("check_").replace("_", " ")
    made: list[Check] = []

    def run() -> None:
        try:
            made.extend(step())
        except Exception as error:  # noqa: BLE001 -- a diagnosis does not end at what it is to find
            made.append(Check(name, State.PROBLEM, f"{type(error).__name__}: {error}"))

    # A daemon, so that a step that hangs does not keep the process alive.
    thread = threading.Thread(target=run, name=f"nbsession looks at {name}", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        return [Check(name, State.PROBLEM, f"not finished within {seconds:g} s")]
    return made
