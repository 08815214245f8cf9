"""Parses a long JSON text step by step: the standard library's parser blocks all threads until its end.

Each container is split into runs of complete elements, which the standard library parses. Only elements that are longer
than a run are entered.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Any

from .errors import ProtocolError
from .message import decode

# Characters per parsing step, which takes 50 ms at most.
_STEP = 128 * 1024
# Maximum depth of nested elements that are longer than a run.
_DEEPEST = 100
# Maximum number of lists and objects in a text: each takes about 80 bytes, however short its text is.
_MOST_CONTAINERS = 2_000_000
# Maximum length of a number, in characters.
_LONGEST_NUMBER = 10_000
# The relevant tokens in a run: complete strings, the start of an incomplete string, and punctuation.
_MARK = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[",\[\]{}]', re.DOTALL)
_STRUCTURE = re.compile(r'["\[\]{}]')
_END = re.compile(r"[,\]}]")
_SPACE = re.compile(r"[ \t\n\r]*")
_PART = re.compile(r'[^"\\]{0,131072}(?:\\(?:u[0-9a-fA-F]{4}|[^u])[^"\\]{0,64}){0,4096}')
_HALF = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}")
_ESCAPE = len(r"\ud83d")


class Stopped(Exception):  # noqa: N818 -- it is not an error
    """The value is not needed any more."""


def decode_gradually(data: bytes, stop: Callable[[], bool] = lambda: False) -> Any:
    """Parse a peer's JSON text in UTF-8, and let other threads run in the meantime.

    Raises
    ------
    ProtocolError
        If the text is not UTF-8 or not JSON, is nested too deeply, or has too many lists and objects.
    Stopped
        If ``stop()`` has returned True.
    """
    try:
        text = "".join(_texts(data))
    except ValueError as error:
        msg = f"a message that is not JSON: {error}"
        raise ProtocolError(msg) from error
    return _Reader(text, stop).read()


def _texts(data: bytes) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _STEP):
        yield decoder.decode(data[start : start + _STEP])
    yield decoder.decode(b"", final=True)


class _Open:
    """A container that has been entered."""

    __slots__ = ("elements", "end", "key")

    def __init__(self, mark: str) -> None:
        self.elements: list[Any] | dict[str, Any] = [] if mark == "[" else {}
        self.end = "]" if mark == "[" else "}"
        self.key = ""

    def add(self, value: Any) -> None:
        if isinstance(self.elements, list):
            self.elements.append(value)
        else:
            self.elements[self.key] = value

    def add_run(self, run: str) -> bool:
        """Add the values of a run of elements. Return whether there are any."""
        if isinstance(self.elements, list):
            values = decode(f"[{run}]")
            self.elements.extend(values)
        else:
            values = decode(f"{{{run}}}")
            self.elements.update(values)
        return bool(values)


class _Reader:
    def __init__(self, text: str, stop: Callable[[], bool]) -> None:
        self._text = text
        self._stop = stop
        self._containers = 0
        self._stack: list[_Open] = []
        self._at = 0
        self._after_comma = False

    def read(self) -> Any:
        text = self._text
        self._at = self._space(0)
        if text[self._at : self._at + 1] not in {"[", "{"}:
            return decode(text)
        root = self._open()
        while self._stack:
            if self._stop():
                raise Stopped
            self._step()
        return root.elements

    def _step(self) -> None:
        """Process a run of complete elements up to a comma or their container's end, or a part of a long element."""
        text, start, container = self._text, self._at, self._stack[-1]
        end, last = self._run(start)
        if end == start and not last:
            self._enter(container)
            return
        if last and text[end] != container.end:
            raise _not_json(end)
        if not container.add_run(text[start:end]) and (self._after_comma or not last):
            raise _not_json(end)
        self._at, self._after_comma = end + 1, not last
        if last:
            self._close()

    def _run(self, start: int) -> tuple[int, bool]:
        """Return the end of a run of complete elements, and whether its container ends.

        The end is ``start`` if an element is too long.
        """
        text = self._text
        stop = min(start + _STEP, len(text))
        if _STRUCTURE.search(text, start, stop) is None:
            return max(text.rfind(",", start, stop), start), False
        depth = containers = 0
        end, within, last = start, 0, False
        for mark in _MARK.finditer(text, start, stop):
            kind = text[mark.start()]
            if kind == ",":
                if depth == 0:
                    end, within = mark.start(), containers
            elif kind in "[{":
                depth += 1
                containers += 1
            elif kind in "]}":
                depth -= 1
                if depth < 0:
                    end, within, last = mark.start(), containers, True
                    break
            elif mark.end() - mark.start() == 1:  # an incomplete string
                break
        self._count(within)
        return end, last

    def _count(self, containers: int) -> None:
        self._containers += containers
        if self._containers > _MOST_CONTAINERS:
            msg = f"a message of more than {_MOST_CONTAINERS} lists and objects"
            raise ProtocolError(msg)

    def _open(self) -> _Open:
        """Enter the container that starts here."""
        opened = _Open(self._text[self._at])
        self._stack.append(opened)
        self._count(1)
        if len(self._stack) > _DEEPEST:
            msg = f"a message with more than {_DEEPEST} nested long elements"
            raise ProtocolError(msg)
        self._at, self._after_comma = self._space(self._at + 1), False
        return opened

    def _enter(self, container: _Open) -> None:
        """Process a string or number that is longer than a run, or enter such a container."""
        text = self._text
        self._at = self._space(self._at)
        if isinstance(container.elements, dict):
            self._at = self._key(container, self._at)
        if text[self._at : self._at + 1] in {"[", "{"}:
            self._open()
            return
        if text[self._at : self._at + 1] == '"':
            value, self._at = self._string(self._at)
        else:
            found = _END.search(text, self._at, self._at + _LONGEST_NUMBER)
            if found is None:
                raise _not_json(self._at)
            value, self._at = decode(text[self._at : found.start()]), found.start()
        container.add(value)
        self._next()

    def _key(self, container: _Open, at: int) -> int:
        text = self._text
        container.key, at = self._string(at)
        at = self._space(at)
        if text[at : at + 1] != ":":
            raise _not_json(at)
        return self._space(at + 1)

    def _string(self, at: int) -> tuple[str, int]:
        """Return a string and the position of its end."""
        text = self._text
        if text[at : at + 1] != '"':
            raise _not_json(at)
        at += 1
        parts: list[str] = []
        while text[at : at + 1] != '"':
            if self._stop():
                raise Stopped
            found = _PART.match(text, at)
            part = "" if found is None else found[0]
            # A character that consists of two escapes stays together.
            before = part[:-_ESCAPE]
            if (
                _HALF.fullmatch(part[-_ESCAPE:])
                and before
                and (len(before) - len(before.rstrip("\\"))) % 2 == 0
            ):
                part = before
            if not part:
                raise _not_json(at)
            parts.append(decode(f'"{part}"'))
            at += len(part)
        return "".join(parts), at + 1

    def _close(self) -> None:
        """Leave a container that has ended, and its parents that end with it."""
        closed = self._stack.pop()
        if self._stack:
            self._stack[-1].add(closed.elements)
            self._next()
        elif self._space(self._at) != len(self._text):
            raise _not_json(self._at)

    def _next(self) -> None:
        """Continue after an element: with the next one, or outside of the container."""
        self._at = self._space(self._at)
        kind = self._text[self._at : self._at + 1]
        self._at += 1
        if kind == ",":
            self._after_comma = True
        elif kind == self._stack[-1].end:
            self._close()
        else:
            raise _not_json(self._at)

    def _space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        assert found is not None
        return found.end()


def _not_json(at: int) -> ProtocolError:
    return ProtocolError(f"a message that is not JSON: character {at}")
