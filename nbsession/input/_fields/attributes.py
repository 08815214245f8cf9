"""Attributes of a control: the keyword arguments of an input function that are not its parameters.

They go to the page as they are, so that a misspelt parameter would be one of them. Attributes of HTML have no
underscore in their names, and the common ones are known.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping

# What code and addresses may stand in, and what we set.
_FORBIDDEN = frozenset({"form", "src", "srcdoc", "href", "id", "list", "popovertarget"})

_COMMON = frozenset(
    """
    accept accesskey alpha autocapitalize autocomplete autocorrect capture class cols colorspace dir
    dirname disabled draggable enterkeyhint inputmode lang max maxlength min minlength multiple
    pattern placeholder readonly required rows size spellcheck step style tabindex title translate
    wrap
    """.split()  # noqa: SIM905 -- a column of words would be the longest part of the file
)
# Attributes whose False is a text.
_ENUMERATED = frozenset({"draggable", "spellcheck", "contenteditable", "writingsuggestions"})
_FOCUS = ("auto_focus", "autofocus")
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9.:-]*")


def check_attributes(
    function: str, attributes: Mapping[str, object], parameters: frozenset[str]
) -> dict[str, str | float | bool]:
    """Return the attributes for the page. ``auto_focus`` keeps its name; None is left out.

    Raises
    ------
    TypeError
        If a name looks like a misspelt parameter or is no attribute, or a value is no text, number or bool.
    ValueError
        If an attribute is not allowed, or a number not finite.
    """
    checked: dict[str, str | float | bool] = {}
    for given, value in attributes.items():
        name = _name(function, given, parameters)
        if value is None:
            continue
        if not isinstance(value, (str, int, float)):
            msg = (
                f"{function}() expects the HTML attribute {given!r} to be a str, an int, a float or a bool, "
                f"not {type(value).__name__}: {value!r:.80}"
            )
            raise TypeError(msg)
        if isinstance(value, float) and not math.isfinite(value):
            msg = f"{function}() expects the HTML attribute {given!r} to be a finite number, not {value!r}"
            raise ValueError(msg)
        if isinstance(value, bool) and (name in _ENUMERATED or name.startswith("aria-")):
            checked[name] = "true" if value else "false"
        else:
            checked[name] = value
    return checked


def _name(function: str, given: str, parameters: frozenset[str]) -> str:
    name = given.lower()
    if name in _FOCUS:
        return _FOCUS[0]
    if name in _COMMON:
        return name
    if name.startswith(("on", "form")) or name in _FORBIDDEN:
        hint = "; onchange=f calls a function of Python" if name.startswith("on") else ""
        msg = f"{function}() does not accept the HTML attribute {given!r}{hint}"
        raise ValueError(msg)
    if "-" not in name:
        close = difflib.get_close_matches(given, sorted(parameters | _COMMON | {_FOCUS[0]}), 1, cutoff=0.75)
        if close:
            msg = f"{function}() does not support {given!r}: did you mean {close[0]!r}?"
            raise TypeError(msg)
    if not _ATTRIBUTE.fullmatch(name):
        msg = (
            f"{function}() does not support {given!r}: it is no parameter, and the names of HTML attributes consist of "
            "letters, digits and hyphens (**{'data-row': 1})"
        )
        raise TypeError(msg)
    return name
