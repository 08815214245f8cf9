"""Sends messages to the front ends without ipywidgets and `json_clean`: on any thread, at half the cost."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import count
from typing import TYPE_CHECKING, Any

import jupyter_client

from nbsession._sync import forked
from nbsession._sync.interrupt_safe_lock import MAIN

from . import _private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_VERSION: str = getattr(jupyter_client, "protocol_version", "5.3")
_NUMBER = "<<number>>##"  # twelve characters, replaced by twelve digits


class Publisher:
    """Publishes on a kernel's iopub channel.

    The kernel's ``iopub_socket`` sends messages on its own thread, in order. A signal in the main thread cannot
    interrupt a publication.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The kernel to publish for.
    """

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self._session = kernel.session
        self._pid = forked.pid
        self._socket = kernel.iopub_socket
        # Separate numbers, because Session.msg_id sometimes returns the same one in two threads.
        self._numbers = count()
        self.nothing: bytes = self._session.pack({})

    def publish(
        self,
        kind: str,
        content: Mapping[str, object],
        *,
        topic: bytes,
        parent: bytes | None = None,
        buffers: Sequence[Any] = (),
    ) -> None:
        """Publish a message.

        Parameters
        ----------
        kind : str
            The message type.
        content : mapping
            The message's content: JSON values only.
        topic : bytes
            The topic that subscribers may filter by.
        parent : bytes, optional
            The packed header of the parent message; none by default.
        buffers : sequence of bytes-like
            Contiguous buffers. Large ones are not copied, so they must not change any more.
        """
        if self._forked():
            return
        session = self._session
        header = session.pack(self._header(kind, str(next(self._numbers))))
        frames = [header, parent or self.nothing, self.nothing, session.pack(content), *buffers]
        copy = max(memoryview(frame).nbytes for frame in frames) < session.copy_threshold
        with MAIN:
            session.send_raw(self._socket, frames, ident=topic, copy=copy)

    def send(self, comm_id: str, content: Mapping[str, object], buffers: Sequence[Any] = ()) -> None:
        """Send a custom message to a comm's model in all pages, without a parent.

        Parameters
        ----------
        comm_id : str
            The comm's id.
        content : mapping
            JSON values only.
        buffers : sequence of bytes-like
            Contiguous buffers. Large ones are not copied, so they must not change any more.
        """
        self.publish(
            "comm_msg",
            {"comm_id": comm_id, "data": {"method": "custom", "content": content}},
            topic=b"comm-" + comm_id.encode("ascii"),
            buffers=buffers,
        )

    def statuses(self, state: str, parents: Iterable[bytes]) -> None:
        """Publish ``busy`` or ``idle`` for each of the messages with these packed headers, at a tenth of the cost."""
        if self._forked():
            return
        session = self._session
        topic = _private.topic(self._kernel, "status")
        header = session.pack(self._header("status", _NUMBER))
        content = session.pack({"execution_state": state})
        for parent in parents:
            # The width must stay the same, because some packers encode it.
            numbered = header.replace(_NUMBER.encode(), b"%012d" % next(self._numbers), 1)
            session.send_raw(self._socket, [numbered, parent, self.nothing, content], ident=topic)

    def display(
        self,
        parent: Mapping[str, Any],
        data: Mapping[str, object],
        metadata: Mapping[str, object] | None = None,
        *,
        display_id: str | None = None,
        update: bool = False,
    ) -> None:
        """Publish ``display_data`` (or ``update_display_data``) as output of the message `parent`.

        Parameters
        ----------
        parent : mapping
            A message or its header, as ``kernel.get_parent()`` returns it.
        data : mapping
            The mime bundle.
        metadata : mapping, optional
            The metadata of the bundle.
        display_id : str, optional
            The name by which later updates find the output.
        update : bool
            Whether to update the outputs with that name instead of creating a new one.
        """
        kind = "update_display_data" if update else "display_data"
        transient = {} if display_id is None else {"display_id": display_id}
        self.publish(
            kind,
            {"data": data, "metadata": metadata or {}, "transient": transient},
            topic=_private.topic(self._kernel, "display_data"),
            parent=self.pack_header(parent),
        )

    def stderr(self, parent: Mapping[str, Any], text: str) -> None:
        """Publish text as if the cell with the message `parent` had written it to stderr."""
        content = {"name": "stderr", "text": text}
        topic = _private.topic(self._kernel, "stream.stderr")
        self.publish("stream", content, topic=topic, parent=self.pack_header(parent))

    def pack_header(self, message: Mapping[str, Any]) -> bytes:
        """Return the packed header of a message (or of a header), for use as a parent."""
        packed: bytes = self._session.pack(message.get("header", message))
        return packed

    def _header(self, kind: str, number: str) -> dict[str, str]:
        session = self._session
        return {
            "msg_id": f"{session.session}_nbsession_{number}",
            "msg_type": kind,
            "username": session.username,
            "session": session.session,
            "date": datetime.now(timezone.utc).isoformat(),
            "version": _VERSION,
        }

    def _forked(self) -> bool:
        """Return whether this is a forked child, which is not the kernel.

        ``session.pid`` is no indication: ipykernel sets it to the child's when it flushes the child's prints.
        """
        return self._pid != forked.pid
