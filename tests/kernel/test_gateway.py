"""A kernel that a gateway runs: nothing binary passes between it and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .fake_page import FakePage
from .kernel_process import KernelProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .kernel_process import Message


@pytest.fixture(scope="module")
def gateway_kernel(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProcess]:
    """A kernel with the environment that a gateway gives it."""
    process = KernelProcess(python, tmp_path_factory.mktemp("kernel"), {"KERNEL_GATEWAY": "1"})
    yield process
    process.close()


def test_no_message_has_buffers_where_a_gateway_runs_the_kernel(gateway_kernel: KernelProcess) -> None:
    page = FakePage(gateway_kernel)
    page.attach()
    sent: list[Message] = []
    send = gateway_kernel.client.shell_channel.send
    gateway_kernel.client.shell_channel.send = lambda message: (sent.append(message), send(message))  # type: ignore[func-returns-value]
    outcome = gateway_kernel.run(
        "from nbsession import *\nprint(eval_js('1 + 1'))\nrun_js('data', data=bytes(3_000_000))"
        "\neval_js('3')\nprint(eval_js('len(text)', text='x' * 3_000_000))"
    )
    assert outcome.stdout == "2\n3000000\n", outcome.traceback
    assert page.ran == ["1 + 1", "data", "3", "len(text)"]
    assert [message["buffers"] for message in gateway_kernel.messages if message["buffers"]] == []
    said = [message for message in sent if "frame" in message["content"].get("data", {}).get("content", {})]
    assert said
    assert [message["buffers"] for message in said if message["buffers"]] == []


def test_elsewhere_buffers_are_binary(bare_kernel: KernelProcess) -> None:
    page = FakePage(bare_kernel)
    page.attach()
    assert bare_kernel.run("from nbsession import *\nprint(eval_js('1 + 1'))").stdout == "2\n"
    assert page.text_only is False
    framed = [
        message
        for message in bare_kernel.messages
        if "items" in message["content"].get("data", {}).get("content", {}).get("frame", {})
    ]
    assert framed
    assert all(message["buffers"] and "base64" not in str(message["content"]) for message in framed)
