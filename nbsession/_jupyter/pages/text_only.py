"""Buffers as text in the JSON, for connections between kernel and page that pass only text.

If the kernels of a Jupyter server run behind a gateway (``--GatewayClient.url``), the server decodes every message of
the gateway as UTF-8, and sends it every message of a page as text. The first message with buffers ends the connection:
https://github.com/jupyter-server/jupyter_server/blob/main/jupyter_server/gateway/connections.py
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbsession._jupyter.shell.shell_interceptor import CommMessage
    from nbsession._link import Buffer


def in_text(
    publish: Callable[[Mapping[str, object], Sequence[Buffer]], None],
) -> Callable[[Mapping[str, object], Sequence[Buffer]], None]:
    """Return a function that publishes an envelope with its buffers in the field ``base64``."""

    def publish_text(envelope: Mapping[str, object], buffers: Sequence[Buffer]) -> None:
        if buffers:
            envelope = {**envelope, "base64": [b64encode(buffer).decode("ascii") for buffer in buffers]}
        publish(envelope, ())

    return publish_text


def from_text(receive: Callable[[CommMessage], None]) -> Callable[[CommMessage], None]:
    """Return a function that passes `receive` the buffers that a page has put in the field ``base64``.

    Raises
    ------
    ValueError, TypeError
        By the returned function, if the field is not a list of base64 texts.
    """

    def receive_text(message: CommMessage) -> None:
        texts = message.content.get("base64")
        if texts:
            buffers = [memoryview(b64decode(text, validate=True)) for text in texts]
            message = replace(message, buffers=buffers)
        receive(message)

    return receive_text
