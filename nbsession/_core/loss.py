"""The handling of messages to a JavaScript context that died: no command runs twice, and losses are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .outputs import Outputs

_EVAL = '["eval",'
_RUN = '["run",'
_ANSWERS = ('["returned",', '["threw",')
# Limits: commands listed in a warning and in its details, characters of each and of an argument.
_LISTED = 20
_ALL = 20_000
_LENGTH = 200
_ARGUMENT = 60


def is_command(text: str) -> bool:
    """Return whether a message, as JSON text, is a command. A new page gets the session's other state anyway."""
    return text.startswith((_RUN, _EVAL))


def is_answer(text: str) -> bool:
    """Return whether a message, as JSON text, answers a call of a function."""
    return text.startswith(_ANSWERS)


def evals(queued: Iterable[str]) -> set[int]:
    """Return the numbers of the evals among messages, which are JSON texts."""
    start = len(_EVAL)
    return {int(text[start : text.index(",", start)]) for text in queued if text.startswith(_EVAL)}


def tell(outputs: Outputs, in_doubt: Sequence[list[Any]]) -> None:
    """Warn about each ``run_js`` that may have run and is not repeated."""
    codes = [_name(body) for body in in_doubt if body[0] == "run"]
    if not codes:
        return
    listed = "\n".join(codes[:_LISTED])
    text = f"The page was lost while {len(codes)} run_js calls may have run; they are not repeated:\n{listed}"
    if len(codes) <= _LISTED:
        outputs.notice("warning", text)
        return
    more = f"{text}\nand {len(codes) - _LISTED} more"
    outputs.notice("warning", more, details="\n".join(codes[:_ALL]))


def _name(body: list[Any]) -> str:
    """Return a label of a command: its code and its arguments, which distinguish commands of a loop."""
    code = str(body[1]).strip()[:_LENGTH]
    args = body[2] if len(body) > 2 and isinstance(body[2], dict) else {}  # noqa: PLR2004
    named = ", ".join(f"{name}={str(value)[:_ARGUMENT]}" for name, value in args.items())[:_LENGTH]
    return f"{code}  # {named}" if named else code
