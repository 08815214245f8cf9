"""All that reads what a visitor sends, each as a function of the bytes that come from the wire.

A parser returns what it likes, or raises one of `REFUSALS`.
"""

from __future__ import annotations

import itertools
import json
import struct
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

from nbsession._core.user_agent import parse
from nbsession._core.values import decode
from nbsession._link import Link, ProtocolError
from nbsession._server.http.request import Request
from nbsession._server.options import ServerOptions
from nbsession._server.pages.clients import Clients
from nbsession._server.pages.http_connections import HttpConnection
from nbsession._server.wire.body_parts import BodyParts
from nbsession._server.wire.envelope import LARGEST, split, unpack, unpack_text
from nbsession._server.wire.rfc6455 import FrameReader
from nbsession._sync.timer_thread import TimerThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.page import Page

    Parser = Callable[[bytes], object]

REFUSALS = (ValueError, ProtocolError)  # FrameError is one of the first
READ = 64 * 1024
"""Bytes that a socket is read at a time."""

_another = itertools.count()


def envelope(message: bytes) -> object:
    return unpack(message)


def text_envelope(message: bytes) -> object:
    return unpack_text(message)


def frame(message: bytes) -> object:
    """Read the message of a page that has a session on channel 1."""
    fields, buffers = unpack(message)
    return Link().receive(fields.get("frame"), buffers, 0.0, size=len(message), channels={1})


def frame_anywhere(message: bytes) -> object:
    """Read the message of a page all of whose channels are open."""
    fields, buffers = unpack(message)
    return Link().receive(fields.get("frame"), buffers, 0.0)


def text_frame(message: bytes) -> object:
    fields, bodies = unpack_text(message)
    return Link().receive(fields.get("frame"), bodies, 0.0, size=len(message), channels={1})


def socket(data: bytes, step: int = READ) -> object:
    """Read what comes by a WebSocket, and keep none of its messages."""
    reader, count = FrameReader(LARGEST), 0
    for start in range(0, len(data), step):
        for _ in reader.feed(data[start : start + step]):
            count += 1
    return count


def body(data: bytes) -> object:
    """Read a request as `HttpConnections` does, and keep none of its envelopes."""
    return sum(len(unpack(message)[1]) for message in split(data))


def parts(data: bytes) -> object:
    """Put a request together that comes by 16 bytes at a time."""
    whole, count = BodyParts(), len(data) // 16
    return [whole.add(f"{index}/{count}", data[16 * index : 16 * index + 16]) for index in range(count)]


def value(message: bytes) -> object:
    """Read the answer to an eval: ``[value, specials]``, and a buffer."""
    fields, buffers = unpack(message)
    said, specials = fields.get("value", [None, None])
    return decode(said, specials, buffers)


def hello(message: bytes) -> object:
    """Take a page in, and look at its browser."""
    pages: list[Page] = []
    clients = Clients(Mock(TimerThread), ServerOptions(), lambda client: pages.append(client.page))
    request = Request("POST", "/", {}, {}, {}, host="", secure=False, user_ip="", original=None)
    connection = HttpConnection(request, Mock(TimerThread), 60.0, lambda _: None)
    connection.confirmed = True
    fields, buffers = unpack(message)
    clients.receive(connection, fields, buffers, len(message))
    # One that was parsed before is known.
    return [
        parse(f"{next(_another)} {page.info['user_agent']}", page.info.get("user_agent_data"))
        for page in pages
    ]


PARSERS: dict[str, Parser] = {
    "envelope": envelope,
    "text envelope": text_envelope,
    "frame": frame,
    "frame on any channel": frame_anywhere,
    "text frame": text_frame,
    "socket": socket,
    "socket, by the byte": partial(socket, step=1),
    "body": body,
    "parts": parts,
    "value": value,
    "hello": hello,
}


# -- what is sent to them -----------------------------------------------------------------------


def message_of(fields: dict[str, Any], buffers: bytes = b"") -> bytes:
    """Return an envelope as a message: its buffers are one after the other, as its ``buffers`` say."""
    text = json.dumps(fields, separators=(",", ":")).encode()
    return struct.pack(">I", len(text)) + text + buffers


def numbered(items: list[Any], lengths: list[int], buffers: bytes) -> bytes:
    """Return a page's first frame."""
    return message_of({"frame": {"number": 1, "ack": 0, "items": items}, "buffers": lengths}, buffers)


def batch(text: bytes) -> bytes:
    """Return a frame with one batch of messages."""
    return numbered([[1, 1]], [len(text)], text)


def masked(opcode: int, payload: bytes = b"") -> bytes:
    """Return a WebSocket's frame, masked with zeros."""
    size = len(payload)
    if size < 126:
        return bytes([opcode, 0x80 | size]) + bytes(4) + payload
    if size < 2**16:
        return bytes([opcode, 0xFE]) + struct.pack(">H", size) + bytes(4) + payload
    return bytes([opcode, 0xFF]) + struct.pack(">Q", size) + bytes(4) + payload


def greeting(**info: object) -> bytes:
    return message_of({"hello": {"version": "1.0", "page": "p", "context": "c" * 32, "info": info}})


def answer(said: object, specials: list[Any], buffer: bytes = b"") -> bytes:
    return message_of({"value": [said, specials], "buffers": [len(buffer)]}, buffer)


def nested(depth: int) -> Any:
    inner: Any = None
    for _ in range(depth):
        inner = [inner]
    return inner


MOBILE = "Mozilla/5.0 (Linux; Android 13; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1 "

GROWING: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "empty buffers": ("envelope", lambda n: message_of({"buffers": [0] * n})),
    "buffers of a byte": ("envelope", lambda n: message_of({"buffers": [1] * n}, bytes(n))),
    "an unknown field for each": ("envelope", lambda n: message_of({f"{each}": 0 for each in range(n)})),
    "nesting": ("envelope", lambda n: struct.pack(">I", n) + b"[" * n),
    "white space": ("envelope", lambda n: struct.pack(">I", n + 2) + b" " * n + b"{}"),
    "escapes": ("text envelope", lambda n: b'{"a":"%s"}' % (b"\\u0000" * n)),
    "an unfinished text": ("text envelope", lambda n: b'{"a":"' + b"\\\\" * n),
    "digits": ("text envelope", lambda n: b'{"a":%s}' % (b"9" * n)),
    "digits of a fraction": ("text envelope", lambda n: b'{"a":0.%s}' % (b"9" * n)),
    "bodies": ("text envelope", lambda n: b'{"bodies":[%s]}' % b",".join([b"[]"] * n)),
    "beginnings": (
        "frame",
        lambda n: numbered([[9 + each, 1, [1000]] for each in range(n)], [1] * n, bytes(n)),
    ),
    "beginnings on open channels": (
        "frame on any channel",
        lambda n: numbered([[9 + each, 1, [1000]] for each in range(n)], [1] * n, bytes(n)),
    ),
    "fragments": (
        "frame",
        lambda n: numbered([[1, 1, [10**8]], *[[1, 1, 0]] * n], [1] * (n + 1), bytes(n + 1)),
    ),
    "lengths of a large message": ("frame", lambda n: numbered([[1, 1, [0] * n + [9]]], [1], b"[")),
    "batches": ("frame", lambda n: numbered([[1, 1]] * n, [2] * n, b"[]" * n)),
    "buffers of a message": ("frame", lambda n: numbered([[1, n + 1]], [4] + [1] * n, b"[[]]" + bytes(n))),
    "empty messages": ("frame", lambda n: batch(b"[" + b"[]," * n + b"[]]")),
    "messages of a digit": ("frame", lambda n: batch(b"[" + b"1," * n + b"1]")),
    "names of fields": (
        "frame",
        lambda n: batch(b"[[{%s}]]" % b",".join(b'"%d":0' % each for each in range(n))),
    ),
    "ranges that are missing": (
        "frame",
        lambda n: message_of({"frame": {"ack": 0, "missing": [[2 * each + 1] * 2 for each in range(n)]}}),
    ),
    "texts of messages": (
        "text frame",
        lambda n: (
            b'{"frame":{"number":1,"ack":0,"items":[%s]},"bodies":[%s]}'
            % (b",".join([b"[1,1]"] * n), b",".join([b"[1]"] * n))
        ),
    ),
    "pings": ("socket", lambda n: masked(0x89) * n),
    "small messages": ("socket", lambda n: masked(0x82, b"a") * n),
    "fragments without content": ("socket", lambda n: masked(0x02, b"a") + masked(0x00) * n),
    "fragments of a byte": ("socket", lambda n: masked(0x01, b"a") + masked(0x00, b"a") * n),
    "fragments of a KiB": ("socket", lambda n: masked(0x02) + masked(0x00, bytes(1024)) * n),
    "one message": ("socket", lambda n: masked(0x81, "ä".encode() * n)),
    "a message by the byte": ("socket, by the byte", lambda n: masked(0x81, b"a" * n)),
    "pings by the byte": ("socket, by the byte", lambda n: masked(0x89, b"abc") * n),
    "zeros": ("body", bytes),
    "messages without content": ("body", lambda n: (struct.pack(">II", 6, 2) + b"{}") * n),
    "parts of a request": ("parts", lambda n: b"a" * 16 * n),
    "one buffer for all": (
        "value",
        lambda n: answer([None] * n, [[[each], "bytes", 0] for each in range(n)], bytes(100_000)),
    ),
    "places of infinities": (
        "value",
        lambda n: answer([None] * n, [[[each], "inf"] for each in range(n)]),
    ),
    "a deep place": ("value", lambda n: answer(nested(500), [[[0] * 400, "nan"]] * n)),
    "a place without an end": ("value", lambda n: answer([None], [[[0] * n, "nan"]])),
    "a large integer": ("value", lambda n: answer(None, [[[], "bigint", "9" * n]])),
    "large integers": ("value", lambda n: answer(None, [[[], "bigint", "9" * 4000]] * n)),
    "a description": ("hello", lambda n: greeting(language="x" * n)),
    "languages": ("hello", lambda n: greeting(languages=["x"] * n)),
    "a browser's name": ("hello", lambda n: greeting(user_agent=MOBILE + "Linux; " * n)),
    "a browser's versions": ("hello", lambda n: greeting(user_agent="a/1." * n)),
    "brands": (
        "hello",
        lambda n: greeting(
            user_agent=MOBILE,
            user_agent_data={"fullVersionList": [{"brand": "Chromium", "version": "1.1"}] * n},
        ),
    ),
    "a brand's version": (
        "hello",
        lambda n: greeting(
            user_agent=MOBILE,
            user_agent_data={"fullVersionList": [{"brand": "Chromium", "version": "1." * n}]},
        ),
    ),
    "a system's version": (
        "hello",
        lambda n: greeting(
            user_agent="Mac OS X 1" * n, user_agent_data={"platform": "macOS", "platformVersion": "1." * n}
        ),
    ),
}
"""What grows, what reads it, and how it is made in any size."""
