"""Large messages that arrive in pieces."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import ProtocolError
from .frame import Content, Piece
from .message import Buffer, Message, decode, flat


class Assembly:
    """The pieces of one large message so far. Nothing is allocated for bytes that were only declared."""

    __slots__ = ("lengths", "missing", "pieces", "size")

    def __init__(self, lengths: list[int]) -> None:
        self.lengths = lengths
        self.size = self.missing = sum(lengths)
        self.pieces: list[memoryview] = []

    def add(self, data: Buffer) -> None:
        view = flat(data)
        if view.nbytes > self.missing:
            msg = f"a piece of {view.nbytes} bytes, where {self.missing} of its message were missing"
            raise ProtocolError(msg)
        self.pieces.append(view)
        self.missing -= view.nbytes

    def take_back(self) -> None:
        """Undo the last `add`."""
        self.missing += self.pieces.pop().nbytes

    def message(self, channel: int) -> Message:
        parts: list[bytes] = []
        piece, offset = 0, 0
        for length in self.lengths:
            slices: list[memoryview] = []
            left = length
            while left:
                part = self.pieces[piece][offset : offset + left]
                slices.append(part)
                left -= part.nbytes
                offset += part.nbytes
                if offset == self.pieces[piece].nbytes:
                    piece, offset = piece + 1, 0
            parts.append(b"".join(slices))
        return Message(channel, decode(parts[0]), list(parts[1:]))


class Unfinished:
    """The large messages, at most one a channel, of which pieces have arrived but not the last.

    Parameters
    ----------
    largest
        The most bytes that they may declare together.
    """

    __slots__ = ("_assemblies", "_largest")

    def __init__(self, largest: int) -> None:
        self._assemblies: dict[int, Assembly] = {}
        self._largest = largest

    def complete(self, contents: Sequence[Content]) -> list[Message]:
        """Return the messages that a frame completes.

        Raises
        ------
        ProtocolError
            A piece does not fit its message, something came between two pieces, or too much would be unfinished.
            Nothing has changed then.
        """
        messages: list[Message] = []
        if not self._assemblies:  # nearly always, and then there are no pieces: one loop is all it takes
            for content in contents:
                if isinstance(content, Piece):
                    break
                messages.append(content)
            else:
                return messages
            messages.clear()
        before = dict(self._assemblies)
        grown: list[Assembly] = []
        try:
            for content in contents:
                if isinstance(content, Piece):
                    messages.extend(self._add(content, grown))
                else:
                    self._check_between(content.channel)
                    messages.append(content)
        except ProtocolError:
            self._assemblies = before
            for assembly in grown:
                assembly.take_back()
            raise
        return messages

    def _check_between(self, channel: int) -> None:
        if channel in self._assemblies:
            msg = f"a message amid the pieces of another one on channel {channel}"
            raise ProtocolError(msg)

    def _add(self, piece: Piece, grown: list[Assembly]) -> list[Message]:
        assembly = self._assemblies.get(piece.channel)
        if (assembly is None) != (piece.lengths is not None):
            expected = "a first piece or a message" if assembly is None else "the next piece of its message"
            msg = f"a misplaced piece on channel {piece.channel}, expected {expected}"
            raise ProtocolError(msg)
        if assembly is None:
            assembly = Assembly(piece.lengths or [])
            total = assembly.size + sum(other.size for other in self._assemblies.values())
            if total > self._largest:
                msg = f"unfinished messages of {total} bytes together, expected at most {self._largest}"
                raise ProtocolError(msg)
            self._assemblies[piece.channel] = assembly
        assembly.add(piece.data)
        grown.append(assembly)
        if assembly.missing:
            return []
        del self._assemblies[piece.channel]
        return [assembly.message(piece.channel)]
