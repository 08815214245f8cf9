"""Encoding of values between Python and JavaScript: JSON, and *specials* for values that JSON cannot express.

The format is described under "Values" in docs/protocol.md.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from .foreign_values import NoPlainFormError, plain_form
from .large_integers import has_large_integer
from .value_walker import ArgumentWalker, ResultWalker, Walker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._link import Buffer

    from .value_walker import Offers

    Read = Callable[[str, list[Any], Sequence[Buffer]], object]

# The length of a command's text, without its code, from which on it can contain an integer of sixteen digits.
_SHORTEST_LARGE = len('["run","",{"":}]') + 16
_NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class Encoded(NamedTuple):
    """A message as JSON text, and its buffers."""

    text: str
    buffers: tuple[Buffer, ...]


def _refuse(_value: object) -> object:
    raise NoPlainFormError


def _make_encoder(plain: Callable[[object], object]) -> Callable[[object, int], Sequence[str]]:
    """Return a function that encodes a message in parts. With ``allow_nan=False``, it detects NaN at no cost.

    ``JSONEncoder.encode`` creates a C encoder for each call, which takes longer than a small message. Without the
    detection of cycles, the encoder runs into the recursion limit instead; the walker then finds the cause.
    """
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # a Python without the accelerator
        encode = json.JSONEncoder(allow_nan=False, separators=(",", ":"), default=plain).encode
        return lambda message, _indent: (encode(message),)
    sort_keys = skip_keys = allow_nan = False
    quote = json.encoder.encode_basestring_ascii
    encoder: Callable[[object, int], Sequence[str]] = make(
        None, plain, quote, None, ":", ",", sort_keys, skip_keys, allow_nan
    )
    return encoder


_encode = _make_encoder(_refuse)
_encode_arguments = _make_encoder(plain_form)
# What an encoder raises for a value that needs specials, or cannot be sent.
_NOT_PLAIN = (NoPlainFormError, ValueError, TypeError, RecursionError)


def to_json(message: object) -> str:
    """Return a message as JSON text, in ASCII and without white space."""
    return "".join(_encode(message, 0))


def encode_command(
    function: str,
    head: tuple[object, ...],
    code: object,
    args: Mapping[str, object],
    functions: Offers | None = None,
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
    functions : Functions, optional
        Registers the functions among the arguments.

    Raises
    ------
    TypeError
        If the code is not a string or an argument cannot be sent. The message names the argument.
    """
    if type(code) is not str and not isinstance(code, str):
        msg = f"{function}() expects the JavaScript code as a str, not {type(code).__name__}: {code!r:.80}"
        raise TypeError(msg)
    try:
        text = "".join(_encode_arguments([*head, code, args], 0))
        if len(text) - len(code) < _SHORTEST_LARGE or not has_large_integer(args, text):
            return Encoded(text, ())
    except _NOT_PLAIN:
        pass
    with ArgumentWalker(function, functions) as walker:
        # Those that need no specials are left to the encoder, which is much faster.
        members = [
            f"{to_json(name)}:{_without_specials(value) or to_json(walker.plain(value, (name,)))}"
            for name, value in args.items()
        ]
    specials = f",{to_json(walker.specials)}" if walker.specials else ""
    text = f"{to_json([*head, code])[:-1]},{{{','.join(members)}}}{specials}]"
    return Encoded(text, tuple(walker.buffers))


def _without_specials(value: object) -> str | None:
    """Return the JSON text of an argument, or None if it needs specials or cannot be sent."""
    try:
        text = "".join(_encode_arguments([value], 0))
    except _NOT_PLAIN:
        return None
    return None if has_large_integer({"": value}, text) else text[1:-1]


def encode_result(
    function: str, head: tuple[object, ...], value: object, functions: Offers | None
) -> Encoded:
    """Return the message ``[*head, value]``, with specials if the value needs them.

    Parameters
    ----------
    function : str
        Name of the function that returned the value, for error messages.
    head : tuple
        The elements before the value.
    value : object
        The value.
    functions : Functions or None
        Registers the functions in the value. Without it, they cannot be sent.

    Raises
    ------
    TypeError
        If the value cannot be sent.
    """
    text = _without_specials(value)
    if text is not None:
        return Encoded(f"{to_json(head)[:-1]},{text}]", ())
    with ResultWalker(function, functions) as walker:
        plain = to_json(walker.plain(value, ()))
    specials = f",{to_json(walker.specials)}" if walker.specials else ""
    return Encoded(f"{to_json(head)[:-1]},{plain}{specials}]", tuple(walker.buffers))


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
    except (NoPlainFormError, ValueError):
        pass
    walker = Walker("put")
    plain = walker.plain(body, ())
    return Encoded(to_json([*head, plain, *tail, walker.specials]), tuple(walker.buffers))


def decode(value: object, specials: object, buffers: Sequence[Buffer], read: Read | None = None) -> object:
    """Return the value that JavaScript sent, with its specials inserted.

    Parameters
    ----------
    value : object
        The JSON value.
    specials : list or None
        The specials.
    buffers : sequence
        The message's buffers.
    read : callable, optional
        ``read(kind, payload, buffers)`` returns the value of a special that only commands have, a typed array or a
        function, and NotImplemented for others.

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
            special = NotImplemented if read is None else read(kind, payload, buffers)
            holder[key] = _special(kind, payload, buffers, copies) if special is NotImplemented else special
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
