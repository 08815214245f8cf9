"""What a fake browser answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Pattern = str | re.Pattern[str] | Callable[[str], object]
    Answer = object


class UnansweredError(AssertionError):
    """A fake browser was asked for a value that no rule gives. The call to ``eval_js`` raises it."""


class Rules:
    """Answers by the code that is evaluated; of several that fit, the one that was added last."""

    def __init__(self) -> None:
        self._rules: list[tuple[Pattern, Answer]] = []

    def add(self, pattern: Pattern, answer: Answer) -> None:
        """Answer code that fits ``pattern``; see `FakeBrowser.answer`."""
        given: object = pattern
        if not (isinstance(given, (str, re.Pattern)) or callable(given)):
            msg = (
                "FakeBrowser expects a rule to be the code itself, a compiled regular expression or a function, not "
                f"{type(given).__name__}: {given!r:.80}"
            )
            raise TypeError(msg)
        self._rules.append((pattern, answer))

    def answer(self, code: str, args: Mapping[str, Any]) -> object:
        """Return the value of ``code``.

        Raises
        ------
        UnansweredError
            If no rule fits.
        """
        for pattern, answer in reversed(self._rules):
            if _fits(pattern, code):
                return answer(**args) if callable(answer) else answer
        msg = (
            f"the fake browser has no answer for eval_js({code.strip()!r:.200}); "
            "fake_browser.answer(code, value) gives it one"
        )
        raise UnansweredError(msg)


def _fits(pattern: Pattern, code: str) -> bool:
    if isinstance(pattern, str):
        return pattern.strip() == code.strip()
    if isinstance(pattern, re.Pattern):
        return pattern.search(code) is not None
    return bool(pattern(code))
