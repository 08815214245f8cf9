"""The answers of a fake browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Pattern = str | re.Pattern[str] | Callable[[str], object]
    Answer = object


class UnansweredError(AssertionError):
    """No rule of the fake browser matches the code. ``eval_js`` raises this exception."""


class Rules:
    """Rules that answer ``eval_js`` by its code. If several match, the one that was added last takes precedence."""

    def __init__(self) -> None:
        self._rules: list[tuple[Pattern, Answer]] = []

    def add(self, pattern: Pattern, answer: Answer) -> None:
        """Answer code that matches ``pattern``; see `FakeBrowser.answer`."""
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
            If no rule matches.
        """
        for pattern, answer in reversed(self._rules):
            if _fits(pattern, code):
                return answer(**args) if callable(answer) else answer
        msg = (
            f"the fake browser has no answer for eval_js({code.strip()!r:.200}); "
            "add one with fake_browser.answer(code, value)"
        )
        raise UnansweredError(msg)


def _fits(pattern: Pattern, code: str) -> bool:
    if isinstance(pattern, str):
        return pattern.strip() == code.strip()
    if isinstance(pattern, re.Pattern):
        return pattern.search(code) is not None
    return bool(pattern(code))
