"""What a session does about a page whose JavaScript context died: nothing is run twice, and all is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .outputs import Outputs

_EVAL = '["eval",'
_RUN = '["run",'
# What a warning lists at once, what it lists when it is asked for all, and how much of each.
_LISTED = 20
_ALL = 20_000
_LENGTH = 200


def is_command(text: str) -> bool:
    """Say whether a message, as JSON text, is a command: all else that a session says a new page is told anyway."""
    return text.startswith((_RUN, _EVAL))


def evals(queued: Iterable[str]) -> set[int]:
    """Return the numbers of the evals among messages, which are JSON texts."""
    start = len(_EVAL)
    return {int(text[start : text.index(",", start)]) for text in queued if text.startswith(_EVAL)}


def tell(outputs: Outputs, in_doubt: Sequence[list[Any]]) -> None:
    """Warn of each ``run_js`` that may have run and is not repeated."""
    codes = [str(body[1]).strip() for body in in_doubt if body[0] == "run"]
    if not codes:
        return
    listed = "\n".join(code[:_LENGTH] for code in codes[:_LISTED])
    text = f"The page was lost while {len(codes)} run_js may have run; they are not repeated:\n{listed}"
    if len(codes) <= _LISTED:
        outputs.notice("warning", text)
        return
    more = f"{text}\nand {len(codes) - _LISTED} more"
    outputs.notice("warning", more, details="\n".join(code[:_LENGTH] for code in codes[:_ALL]))
