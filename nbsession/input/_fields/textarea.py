"""``textarea``: the field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

from .call_arguments import Arguments
from .units import scalar
from .written import WrittenField


class TextareaField(WrittenField):
    """Lines of text, or a code editor. Lines end in a line feed, as in a page."""

    PARAMETERS: ClassVar[frozenset[str]] = WrittenField.PARAMETERS | {"rows", "code"}

    type: str = "textarea"
    _most_units: ClassVar[int] = 16 * 2**20
    _rows: int = 6

    def _identify(self, arguments: Arguments) -> None:
        super()._identify(arguments)
        self._code = _editor(arguments)

    def _take(self, arguments: Arguments) -> None:
        super()._take(arguments)
        self._rows = arguments.count("rows", self._rows, 1)

    def _clean(self, text: str) -> str:
        return scalar(text).replace("\r\n", "\n").replace("\r", "\n")

    def describe(self) -> dict[str, object]:
        field = {**super().describe(), "rows": self._rows}
        if self._code is not None:
            field["code"] = dict(self._code)
        return field

    def _read(self, text: str) -> str:
        return str(super()._read(self._clean(text)))


def _editor(arguments: Arguments) -> dict[str, object] | None:
    code = arguments.get("code")
    if code is None or isinstance(code, bool):
        return {} if code else None
    if not isinstance(code, Mapping) or not all(isinstance(key, str) for key in code):
        arguments.refuse("code", "True or a dict of options of the editor", code)
    try:
        plain = json.loads(json.dumps(dict(code), allow_nan=False))
    except (TypeError, ValueError):
        arguments.refuse("code", "a dict of JSON values", code)
    return dict(plain)
