"""The options of ``select``, ``checkbox`` and ``radio``, and the buttons of ``actions``, as users write them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Option:
    """One option. Its value stays in Python and may be any object."""

    label: str
    value: Any
    selected: bool = False
    disabled: bool = False


_KEYS = ("label", "value", "selected", "disabled")


def parse_options(function: str, options: object) -> list[Option]:
    """Return the options of dicts, ``(label, value, selected, disabled)``, and plain values."""
    return [_option(function, each) for each in listed(function, "options", options)]


def listed(function: str, name: str, given: object) -> list[Any]:
    """Return a list of what is one already or can be iterated, but is no text and no dict."""
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        hint = "; list(d.items()) makes one of a dict" if isinstance(given, Mapping) else ""
        msg = f"{function}() expects {name} to be a list, not {type(given).__name__}: {given!r:.80}{hint}"
        raise TypeError(msg)
    return list(given)


def parts(function: str, what: str, given: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    """Return one option or button as a dict, whichever way it is written."""
    if isinstance(given, Mapping):
        unknown = next((str(key) for key in given if key not in keys), None)
        if unknown is not None:
            close = difflib.get_close_matches(unknown, keys, 1, cutoff=0.5)
            hint = f"did you mean {close[0]!r}?" if close else f"the keys are {', '.join(keys)}"
            msg = f"{function}() does not support {unknown!r} in the dict of {what}: {hint}"
            raise TypeError(msg)
        if "label" not in given:
            msg = f"{function}() expects the dict of {what} to have a label: {dict(given)!r:.80}"
            raise ValueError(msg)
        return dict(given)
    if isinstance(given, (list, tuple)):
        if not 2 <= len(given) <= 4:  # noqa: PLR2004 -- the keys that a tuple can have
            msg = f"{function}() expects {what} to be ({', '.join(keys[:4])}) or shorter, not {given!r:.80}"
            raise ValueError(msg)
        return dict(zip(keys, given, strict=False))
    return {"label": given, "value": given}


def _option(function: str, given: Any) -> Option:
    about = parts(function, "an option", given, _KEYS)
    return Option(
        str(about["label"]),
        about.get("value", about["label"]),
        bool(about.get("selected")),
        bool(about.get("disabled")),
    )


def position(values: list[Any], wanted: object) -> int | None:
    """Return where a value stands: a value of the same type before one that is only equal, as True is to 1."""
    for index, value in enumerate(values):
        if value is wanted or (type(value) is type(wanted) and _equal(value, wanted)):
            return index
    for index, value in enumerate(values):
        if _equal(value, wanted):
            return index
    return None


def _equal(value: object, wanted: object) -> bool:
    try:
        return bool(value == wanted)
    except Exception:  # noqa: BLE001 -- arrays have no truth value, and users' classes may do anything
        return False
