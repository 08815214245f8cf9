"""The types of ``input``: what each accepts, and what it tells the reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from . import formats


@dataclass(frozen=True)
class TextType:
    """What one type of ``input`` accepts."""

    # The number that ``min``, ``max`` and ``step`` speak of.
    measure: Callable[[str], Fraction | None] | None = None
    accepts: Callable[[str], bool] | None = None
    cleans: bool = False  # whether a browser removes what is not of this type
    message: str = ""
    least: str = ""
    most: str = ""
    patterned: bool = False  # whether it has ``pattern``, ``minlength`` and ``maxlength``


TYPES: dict[str, TextType] = {
    "text": TextType(patterned=True),
    "password": TextType(patterned=True),
    "url": TextType(accepts=formats.is_url, message="Please enter a URL.", patterned=True),
    "email": TextType(accepts=formats.is_email, message="Please enter an email address.", patterned=True),
    "number": TextType(
        formats.number,
        cleans=True,
        message="Please enter a number.",
        least="Enter a number of at least {}.",
        most="Enter a number of at most {}.",
    ),
    "date": TextType(
        formats.date,
        cleans=True,
        message="Please enter a date.",
        least="Enter a date of {} or later.",
        most="Enter a date of {} or earlier.",
    ),
    "time": TextType(
        formats.time,
        cleans=True,
        message="Please enter a time.",
        least="Enter a time of {} or later.",
        most="Enter a time of {} or earlier.",
    ),
    "datetime-local": TextType(
        formats.datetime_local,
        cleans=True,
        message="Please enter a date and a time.",
        least="Enter a date and time of {} or later.",
        most="Enter a date and time of {} or earlier.",
    ),
    "color": TextType(
        accepts=formats.is_color, cleans=True, message="Please enter a color, such as #2196f3."
    ),
}
TYPES["float"] = TYPES["number"]

EXPECTED = {
    "number": "a whole number (type=FLOAT or step='any' accepts others)",
    "float": "a number",
    "date": "a date such as '2030-12-31'",
    "time": "a time such as '13:30'",
    "datetime-local": "a date and time such as '2030-12-31T13:30'",
    "color": "a color such as '#2196f3'",
}
