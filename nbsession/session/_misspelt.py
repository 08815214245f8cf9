"""Options that were passed as JavaScript variables: ``eval_js(..., timeout=3)`` instead of ``timeout_=3``.

Every keyword argument that is not an option is a local variable of the code. Without this check, a misspelt option
would be one, too. A name that the code uses is always a variable.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The options of eval_js. run_js has none, but users pass them to it as well.
OPTIONS = ("timeout_", "errors_", "wait_", "default_")
_PLAIN = frozenset(option[:-1] for option in OPTIONS)
# Code that may use a variable without naming it.
_INDIRECT = re.compile(r"\b(?:eval|arguments)\b")


def refuse_options(
    function: str, code: str, args: Mapping[str, object], options: tuple[str, ...] = ()
) -> None:
    """Reject variables that look like an option and that the code does not use.

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
        If there is such a variable; the message names the option.
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
    """Return whether code may use a variable. Properties and parts of longer names do not count."""
    variable = rf"(?:(?<![\w$.])|(?<=\.\.\.)){re.escape(name)}(?![\w$])"
    return re.search(variable, code) is not None or _INDIRECT.search(code) is not None


def _explain(function: str, name: str, value: object, meant: str, options: tuple[str, ...]) -> str:
    given = f"{function}() was given {name}={value!r:.80} as a variable of the JavaScript code, which does not use it"
    if meant in options:
        return f"{given}: did you mean {meant}={value!r:.80}? Options end in an underscore"
    return f"{given}; {function}() does not wait and has no option {meant}; eval_js() has"
