"""A Mustache template whose data contain outputs: HTML with a place for each of them.

A value that a template may pass to ``pywebio_output_parse`` is wrapped for pystache in a dict: pystache looks up names
in the keys of a dict only, but in all attributes of other objects.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from html import escape
from typing import Any, NamedTuple

import pystache
from pystache.parser import ParsingError

from nbsession._core.foreign_values import NoPlainFormError, plain_form

from ._output import Output

_PARSE = "pywebio_output_parse"
_DEEPEST = 100


class Rendered(NamedTuple):
    """A rendered template.

    Attributes
    ----------
    html : list of str
        The pieces of HTML between the places of outputs.
    slots : list of int
        The output in each place: an index of ``outputs``.
    outputs : list of Output
        The outputs of the data. The template may have left some out.
    """

    html: list[str]
    slots: list[int]
    outputs: list[Output]


def rendered(template: str, data: Mapping[str, Any]) -> Rendered:
    """Render a template.

    Raises
    ------
    TypeError, ValueError
        If the template or the data cannot be rendered.
    """
    wrapper = _Wrapper()
    context = wrapper.mapping(data, ())
    # It is chosen after the data, so that no data can contain it.
    wrapper.mark = mark = secrets.token_hex(16)
    context[_PARSE] = ""
    renderer = pystache.Renderer(partials={}, escape=escape)
    try:
        html = renderer.render(pystache.parse(template, raise_on_mismatch=True), context)
    except ParsingError as error:
        msg = f"put_widget() cannot read the template: {error}"
        raise ValueError(msg) from None
    pieces, slots = [""], []
    for index, piece in enumerate(re.split(f"{mark}-([0-9]+);", html)):
        if index % 2 == 0:
            pieces[-1] += piece
        elif int(piece) not in slots:  # an output has one place
            slots.append(int(piece))
            pieces.append("")
    return Rendered(pieces, slots, wrapper.outputs)


class _Scalar(dict[str, object]):
    """A text, a number or a bool."""

    def __init__(self, value: str | float) -> None:
        self._value = value
        # Sections do not make a bool the item that is shown, in the original.
        super().__init__({} if isinstance(value, bool) else {_PARSE: _Text(str(value))})
        if isinstance(value, str):
            self["length"] = len(value)

    def __str__(self) -> str:
        return str(self._value).lower() if isinstance(self._value, bool) else str(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)


class _Text:
    """A text in the place of an output."""

    def __init__(self, content: str) -> None:
        self._content = content

    def __str__(self) -> str:
        return f'<span style="white-space: pre-wrap">{escape(self._content)}</span>'


class _Slot(dict[str, object]):
    """An output."""

    def __init__(self, wrapper: _Wrapper, number: int) -> None:
        self._wrapper = wrapper
        self._number = number
        super().__init__({_PARSE: _Mark(self)})

    def __str__(self) -> str:
        return f"{self._wrapper.mark}-{self._number};"

    def __bool__(self) -> bool:
        return True


class _Mark:
    """What stands in the HTML for an output."""

    def __init__(self, slot: _Slot) -> None:
        self._slot = slot

    def __str__(self) -> str:
        return str(self._slot)


class _List(list[object]):
    """A list that has a length and members by index, as in JavaScript, and no other attributes."""

    def __getattribute__(self, name: str) -> object:
        if name == "length":
            return len(self)
        if name.isdecimal() and int(name) < len(self):
            return self[int(name)]
        raise AttributeError(name)


class _Wrapper:
    """Copies data for pystache, and collects its outputs."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self.mark = ""

    def mapping(self, data: Mapping[str, Any], path: tuple[object, ...]) -> dict[str, object]:
        """Return a copy of a dict."""
        return {str(key): self._value(value, (*path, key)) for key, value in data.items()}

    def _value(self, value: Any, path: tuple[object, ...]) -> object:
        if value is None:
            return ""
        if isinstance(value, (str, int, float)):
            return _Scalar(value)
        if isinstance(value, Output):
            return self._slot(value)
        if len(path) > _DEEPEST:
            msg = f"put_widget() expects data that are nested at most {_DEEPEST} levels deep"
            raise ValueError(msg)
        if isinstance(value, Mapping):
            return self.mapping(value, path)
        if isinstance(value, (list, tuple)):
            return _List(self._value(each, (*path, index)) for index, each in enumerate(value))
        try:
            plain = (
                value.tolist() if hasattr(value, "ndim") and hasattr(value, "tolist") else plain_form(value)
            )
        except NoPlainFormError:
            kind = f"{type(value).__module__}.{type(value).__qualname__}"
            where = "".join(f"[{step!r:.40}]" for step in path)
            msg = (
                "put_widget() expects data that consist of texts, numbers, lists, dicts and return values of "
                f"put_... functions, but data{where} is a {kind}; str() makes a text of it"
            )
            raise TypeError(msg) from None
        return self._value(plain, path)

    def _slot(self, output: Output) -> _Slot:
        numbers = [number for number, each in enumerate(self.outputs) if each is output]
        if not numbers:
            self.outputs.append(output)
            numbers = [len(self.outputs) - 1]
        return _Slot(self, numbers[0])
