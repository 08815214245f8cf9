"""The types of a text input, by PyWebIO's names."""

from __future__ import annotations

TEXT: str = "text"
NUMBER: str = "number"
FLOAT: str = "float"
PASSWORD: str = "password"  # noqa: S105 -- the type of an input
URL: str = "url"
EMAIL: str = "email"
DATE: str = "date"
TIME: str = "time"
COLOR: str = "color"
DATETIME_LOCAL: str = "datetime-local"
DATETIME: str = DATETIME_LOCAL
