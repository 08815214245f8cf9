"""Options that were given as JavaScript variables: ``eval_js(..., timeout=3)`` in place of ``timeout_=3``.

Every keyword argument that is no option is a local variable of the code, and a misspelt option would be one in silence.
A name that the code uses is a variable, whatever it looks like.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Those of eval_js. run_js has none, and is given them all the same.
OPTIONS = ("timeout_", "errors_", "wait_", "default_")
_PLAIN = frozenset(option[:-1] for option in OPTIONS)
# Code that may use a variable without naming it.
_INDIRECT = re.compile(r"\b(?:eval|arguments)\b")


def refuse_options(
    function: str, code: str, args: Mapping[str, object], options: tuple[str, ...] = ()
) -> None:
    """Refuse variables that look like an option and that the code never names.

    Parameters
    ----------
    function : str
        Name of the public function, for the error.
    code : str
        JavaScript.
    args : mapping
        The local variables of the code.
    options : tuple of str
        The options that the function has.

    Raises
    ------
    TypeError
        If there is such a variable; it names the option.
    """
    for name in args:
        if name in _PLAIN or name[-1:] == "_":
            meant = _meant(name)
            if meant is not None and not _names(code, name):
                raise TypeError(_explain(function, name, args[name], meant, options))


def _meant(name: str) -> str | None:
    close = difflib.get_close_matches(name, OPTIONS, 1, cutoff=0.8)
    return close[0] if close else None


def _names(code: str, name: str) -> bool:
    """Say whether code may use a variable: not as the property of something, and not as a part of a longer name."""
    variable = rf"(?:(?<![\w$.])|(?<=\.\.\.)){re.escape(name)}(?![\w$])"
    return re.search(variable, code) is not None or _INDIRECT.search(code) is not None


def _explain(function: str, name: str, value: object, meant: str, options: tuple[str, ...]) -> str:
    given = f"{function}() was given {name}={value!r:.80} as a variable of the JavaScript code, which never names it"
    if meant in options:
        return f"{given}: did you mean {meant}={value!r:.80}? Options end in an underscore"
    return f"{given}; {function}() waits for no value and has no option {meant}, eval_js() has"
