"""Large messages that arrive in fragments.

A peer uses only as much memory as it has sent, whatever it declares. Small fragments are collected in one buffer, and a
fragment of a larger buffer is copied, so that nothing keeps more bytes alive than are counted.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from .errors import ProtocolError
from .frame import Content, Fragment
from .message import Buffer, Message, Unparsed, decode, flat

# Size in bytes below which fragments are collected: an object for each would be larger than its content.
_SMALL = 64 * 1024


class Assembly:
    """The fragments of one large message received so far. Nothing is allocated for bytes that were only declared."""

    __slots__ = ("lengths", "missing", "parts", "size")

    def __init__(self, lengths: list[int]) -> None:
        self.lengths = lengths
        self.size = self.missing = sum(lengths)
        self.parts: list[memoryview | bytearray] = []

    def add(self, data: Buffer) -> int:
        """Add a fragment. Return its size in bytes."""
        view = flat(data)
        size = view.nbytes
        if size > self.missing:
            msg = f"a fragment of {size} bytes, but only {self.missing} of its message are missing"
            raise ProtocolError(msg)
        self.missing -= size
        if size >= _SMALL:
            self.parts.append(_own(view))
            return size
        last = self.parts[-1] if self.parts else None
        if isinstance(last, bytearray):
            last += view
        else:
            self.parts.append(bytearray(view))
        return size

    def take_back(self, size: int) -> None:
        """Undo the last `add`, which returned `size`."""
        self.missing += size
        last = self.parts[-1]
        if isinstance(last, bytearray) and len(last) > size:
            del last[-size:]
        else:
            self.parts.pop()

    def message(self, channel: int, parse_at_once: int) -> Message:
        text, *buffers = self._parts_of_message()
        body = decode(text) if len(text) <= parse_at_once else Unparsed(text)
        return Message(channel, body, list(buffers))

    def _parts_of_message(self) -> list[bytes]:
        # Separate from the code that may raise: a traceback would keep the views, and a buffer with a view cannot
        # shrink.
        whole: list[bytes] = []
        part, offset = 0, 0
        for length in self.lengths:
            slices: list[memoryview] = []
            left = length
            while left:
                view = memoryview(self.parts[part])
                taken = view[offset : offset + left]
                slices.append(taken)
                left -= taken.nbytes
                offset += taken.nbytes
                if offset == view.nbytes:
                    part, offset = part + 1, 0
            whole.append(b"".join(slices))
        return whole


def _own(view: memoryview) -> memoryview:
    """Return a view that keeps hardly more than its own bytes alive."""
    return memoryview(bytes(view)) if memoryview(view.obj).nbytes > 2 * view.nbytes else view


class Unfinished:
    """The incomplete large messages, at most one per channel.

    Parameters
    ----------
    largest
        The maximum number of bytes that they may declare together.
    parse_at_once
        The maximum size in bytes of a text that is parsed here.
    """

    __slots__ = ("_assemblies", "_declared", "_largest", "_parse_at_once")

    def __init__(self, largest: int, parse_at_once: int) -> None:
        self._parse_at_once = parse_at_once
        self._assemblies: dict[int, Assembly] = {}
        self._declared = 0
        self._largest = largest

    def complete(self, contents: Sequence[Content], channels: Container[int] | None) -> list[Message]:
        """Return the messages that a frame completes.

        Parameters
        ----------
        contents
            The messages and fragments of the frame.
        channels
            The open channels. Fragments on others are dropped, because they have no receiver. None: all channels are
            open.

        Raises
        ------
        ProtocolError
            If a fragment does not belong to its message, if another message came between two fragments, or if the
            incomplete messages would be too large. The state is unchanged then.
        """
        messages: list[Message] = []
        if not self._assemblies:  # the usual case: without fragments, one loop suffices
            for content in contents:
                if isinstance(content, Fragment):
                    break
                messages.append(content)
            else:
                return messages
            messages.clear()
        before, declared = dict(self._assemblies), self._declared
        grown: list[tuple[Assembly, int]] = []
        try:
            for content in contents:
                if not isinstance(content, Fragment):
                    self._check_between(content.channel)
                    messages.append(content)
                elif channels is None or content.channel in channels or content.channel == 0:
                    messages.extend(self._add(content, grown))
        except ProtocolError:
            self._assemblies, self._declared = before, declared
            for assembly, size in reversed(grown):
                assembly.take_back(size)
            raise
        return messages

    def drop(self, channel: int) -> None:
        """Drop the fragments of a channel's incomplete message: the channel has been closed."""
        assembly = self._assemblies.pop(channel, None)
        if assembly is not None:
            self._declared -= assembly.size

    def _check_between(self, channel: int) -> None:
        if channel in self._assemblies:
            msg = f"a message within the fragments of another one on channel {channel}"
            raise ProtocolError(msg)

    def _add(self, fragment: Fragment, grown: list[tuple[Assembly, int]]) -> list[Message]:
        assembly = self._assemblies.get(fragment.channel)
        if (assembly is None) != (fragment.lengths is not None):
            expected = (
                "a first fragment or a message" if assembly is None else "the next fragment of its message"
            )
            msg = f"a misplaced fragment on channel {fragment.channel}, expected {expected}"
            raise ProtocolError(msg)
        if assembly is None:
            assembly = Assembly(fragment.lengths or [])
            total = self._declared + assembly.size
            if total > self._largest:
                msg = f"unfinished messages of {total} bytes together, expected at most {self._largest}"
                raise ProtocolError(msg)
            self._assemblies[fragment.channel] = assembly
            self._declared = total
        grown.append((assembly, assembly.add(fragment.data)))
        if assembly.missing:
            return []
        self.drop(fragment.channel)
        return [assembly.message(fragment.channel, self._parse_at_once)]
