"""Encoding of values between Python and JavaScript: JSON, and *specials* for values that JSON cannot express.

The format is described under "Values" in docs/protocol.md.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._link import Buffer

_NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_BYTES_LIKE = (bytes, bytearray, memoryview)


class Encoded(NamedTuple):
    """A message as JSON text, and its buffers."""

    text: str
    buffers: tuple[Buffer, ...]


class _NotPlainError(Exception):
    """The arguments contain a value that plain JSON cannot express."""


def _not_plain(_value: object) -> object:
    raise _NotPlainError


def _make_encoder() -> Callable[[object], str]:
    """Return the function that encodes a message. With ``allow_nan=False``, it detects NaN at no cost.

    ``JSONEncoder.encode`` creates a C encoder for each call, which takes longer than a small message. Without the
    detection of cycles, the encoder runs into the recursion limit instead; the walker below then finds the cause.
    """
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # a Python without the accelerator
        return json.JSONEncoder(allow_nan=False, separators=(",", ":"), default=_not_plain).encode
    sort_keys = skip_keys = allow_nan = False
    quote = json.encoder.encode_basestring_ascii
    encoder = make(None, _not_plain, quote, None, ":", ",", sort_keys, skip_keys, allow_nan)
    return lambda message: "".join(encoder(message, 0))


to_json = _make_encoder()


def encode_command(
    function: str, head: tuple[object, ...], code: object, args: Mapping[str, object]
) -> Encoded:
    """Return the message ``[*head, code, args]``, with specials if ``args`` need them.

    Parameters
    ----------
    function : str
        Name of the public function, for error messages.
    head : tuple
        The elements before the code: the message's name, and the number of an ``eval``.
    code : str
        JavaScript.
    args : mapping
        The local variables of the code.

    Raises
    ------
    TypeError
        If the code is not a string or an argument cannot be sent. The message names the argument.
    """
    if type(code) is not str and not isinstance(code, str):
        msg = f"{function}() expects the JavaScript code as a str, not {type(code).__name__}: {code!r:.80}"
        raise TypeError(msg)
    try:
        return Encoded(to_json([*head, code, args]), ())
    except (_NotPlainError, ValueError, TypeError, RecursionError):
        pass
    specials: list[list[object]] = []
    buffers: list[Buffer] = []
    walker = _Walker(function, specials, buffers)
    plain = {name: walker.plain(value, (name,)) for name, value in args.items()}
    return Encoded(to_json([*head, code, plain, specials]), tuple(buffers))


def encode_output(head: tuple[object, ...], body: object, *tail: object) -> Encoded:
    """Return the message ``[*head, body, *tail]``, with specials if ``body`` needs them. Bytes become buffers.

    Parameters
    ----------
    head, tail : tuple
        The elements before and after the body: JSON values.
    body : list or dict
        The content: an output node, some of its fields, or a list of nodes.
    """
    try:
        return Encoded(to_json([*head, body, *tail]), ())
    except (_NotPlainError, ValueError):
        pass
    specials: list[list[object]] = []
    buffers: list[Buffer] = []
    plain = _Walker("put", specials, buffers).plain(body, ())
    return Encoded(to_json([*head, plain, *tail, specials]), tuple(buffers))


class _Walker:
    """Copies a value to a JSON value and collects the specials."""

    def __init__(self, function: str, specials: list[list[object]], buffers: list[Buffer]) -> None:
        self._function = function
        self._specials = specials
        self._buffers = buffers
        self._inside: list[object] = []

    def plain(self, value: object, path: tuple[str | int, ...]) -> object:
        if value is None or isinstance(value, (bool, str, int)):
            return value
        if isinstance(value, float):
            return self._float(value, path)
        if isinstance(value, _BYTES_LIKE):
            self._specials.append([path, "bytes", len(self._buffers)])
            self._buffers.append(value if type(value) is bytes else bytes(value))
            return None
        if isinstance(value, (dict, list, tuple)):
            return self._container(value, path)
        scalar = _number_of_array_library(value)
        if scalar is not None:
            return self.plain(scalar, path)
        msg = self._describe(path, f"is a {type(value).__module__}.{type(value).__qualname__}")
        raise TypeError(msg)

    def _float(self, value: float, path: tuple[str | int, ...]) -> object:
        if math.isfinite(value):
            return value
        kind = "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
        self._specials.append([path, kind])
        return None

    def _container(
        self, value: dict[Any, Any] | list[Any] | tuple[Any, ...], path: tuple[str | int, ...]
    ) -> object:
        if any(value is outer for outer in self._inside):
            raise TypeError(self._describe(path, "contains itself"))
        if len(path) > 200:  # noqa: PLR2004 -- three frames per level, below the recursion limit
            raise TypeError(self._describe(path[:3], "is nested more than 200 levels deep"))
        self._inside.append(value)
        try:
            if not isinstance(value, dict):
                return [self.plain(item, (*path, index)) for index, item in enumerate(value)]
            return {
                (name := self._key(key, path)): self.plain(item, (*path, name)) for key, item in value.items()
            }
        finally:
            self._inside.pop()

    def _key(self, key: object, path: tuple[str | int, ...]) -> str:
        if isinstance(key, str):
            return key
        if key is None or isinstance(key, (bool, int, float)):
            return json.dumps(key)
        raise TypeError(self._describe(path, f"has a key of type {type(key).__name__} ({key!r:.40})"))

    def _describe(self, path: tuple[str | int, ...], what: str) -> str:
        path = path or ("value",)
        place = str(path[0]) + "".join(f"[{step!r}]" for step in path[1:])
        return (
            f"{self._function}() argument {str(path[0])!r} cannot be sent to JavaScript: {place} {what}. "
            "JSON values, NaN and infinities, numpy scalars and bytes-like objects can"
        )


def _number_of_array_library(value: object) -> object:
    """Return a numpy (or pandas) scalar as a Python number or string, else None."""
    if getattr(value, "shape", None) != () or not hasattr(value, "dtype"):
        return None
    item: object = value.item()  # type: ignore[attr-defined]
    return item if isinstance(item, (bool, int, float, str)) else None


def decode(value: object, specials: object, buffers: Sequence[Buffer]) -> object:
    """Return the value that JavaScript sent, with its specials inserted.

    Raises
    ------
    ValueError
        If the specials do not match the value, because the page violates the protocol.
    """
    if not specials:
        return value
    root = [value]
    copies: dict[int, bytes] = {}  # a buffer that occurs a thousand times is one object
    try:
        for path, kind, *payload in specials:  # type: ignore[attr-defined]
            holder: Any = root
            key: Any = 0
            for step in path:
                holder, key = holder[key], step
            holder[key] = _special(kind, payload, buffers, copies)
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        msg = f"the page sent a value whose specials do not fit it: {error}"
        raise ValueError(msg) from error
    return root[0]


def _special(kind: str, payload: list[Any], buffers: Sequence[Buffer], copies: dict[int, bytes]) -> object:
    if kind == "bytes":
        index: int = payload[0]
        if index not in copies:
            copies[index] = bytes(buffers[index])
        return copies[index]
    if kind == "bigint":
        digits = payload[0]
        if not isinstance(digits, str):  # a number may be infinite
            msg = f"a bigint must be text, not {type(digits).__name__}"
            raise TypeError(msg)
        return int(digits)
    return _NON_FINITE[kind]
