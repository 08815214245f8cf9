"""The input API: the names of ``pywebio.input``, for notebooks.

>>> from nbsession.input import NUMBER, input
>>> age = input("Your age", type=NUMBER)  # doctest: +SKIP

Each function shows a form and waits for the reader's answer. In a coroutine, it is awaited.
"""

from __future__ import annotations

from ._choices import actions, checkbox, radio, select
from ._group import input_group, input_update
from ._texts import input, slider, textarea  # noqa: A004 -- PyWebIO's name
from ._types import (
    COLOR,
    DATE,
    DATETIME,
    DATETIME_LOCAL,
    EMAIL,
    FLOAT,
    NUMBER,
    PASSWORD,
    TEXT,
    TIME,
    URL,
)
from ._upload import file_upload

__all__ = [
    "COLOR",
    "DATE",
    "DATETIME",
    "DATETIME_LOCAL",
    "EMAIL",
    "FLOAT",
    "NUMBER",
    "PASSWORD",
    "TEXT",
    "TIME",
    "URL",
    "actions",
    "checkbox",
    "file_upload",
    "input",
    "input_group",
    "input_update",
    "radio",
    "select",
    "slider",
    "textarea",
]


def __dir__() -> list[str]:
    return __all__
