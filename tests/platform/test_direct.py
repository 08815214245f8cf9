"""The parts of direct sockets: framing, address files, keys, and connections whose other end does not read."""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING

import pytest

from nbsession._jupyter.direct import address_file
from nbsession._jupyter.direct.address_file import OpenAddress, find
from nbsession._jupyter.direct.connection import RelayConnection
from nbsession._jupyter.direct.framing import BINARY, TEXT, FramingError, Reader, frame
from nbsession._jupyter.direct.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_messages_are_found_wherever_the_bytes_are_cut() -> None:
    sent = [(TEXT, b""), (BINARY, bytes(1000)), (TEXT, b"{}")]
    joined = b"".join(frame(*message) for message in sent)
    reader, found = Reader(), []
    for byte in joined:
        reader.feed(bytes([byte]))
        while (message := reader.next()) is not None:
            found.append(message)
    assert found == sent


@pytest.mark.parametrize("sent", [frame(TEXT, bytes(11)), frame(3, b""), b"\xff" * 5])
def test_what_is_too_long_or_of_no_kind_is_refused_from_its_head(sent: bytes) -> None:
    reader = Reader(10)
    reader.feed(sent[:5])
    with pytest.raises(FramingError):
        reader.next()


def test_a_key_is_used_once() -> None:
    keys = Keys()
    key = keys.issue("page")
    assert [keys.use("page", key), keys.use("page", key)] == [True, False]


def test_a_wrong_key_does_not_use_up_the_right_one() -> None:
    keys = Keys()
    key = keys.issue("page")
    assert [keys.use("page", "x"), keys.use("other", key), keys.use("page", key)] == [False, False, True]


def test_a_new_key_replaces_the_former_one() -> None:
    keys = Keys()
    former, key = keys.issue("page"), keys.issue("page")
    assert [keys.use("page", former), keys.use("page", key)] == [False, True]


@pytest.fixture
def connection_file(tmp_path: Path) -> str:
    file = tmp_path / "kernel-1.json"
    file.write_text("{}")
    return str(file)


@pytest.fixture
def opened(connection_file: str) -> Iterator[OpenAddress]:
    opened = OpenAddress(connection_file)
    yield opened
    opened.socket.close()


def test_a_kernel_is_found_by_its_connection_file(opened: OpenAddress, connection_file: str) -> None:
    found = find(connection_file)
    assert found is not None
    assert found.secret == opened.secret
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(found.path))


def test_jupyter_does_not_take_its_files_for_connection_files(
    opened: OpenAddress, connection_file: str, tmp_path: Path
) -> None:
    from jupyter_client.connect import find_connection_file  # noqa: PLC0415

    assert find_connection_file("kernel-1", path=str(tmp_path)) == connection_file


def test_a_path_that_is_too_long_for_a_socket_is_replaced_by_a_port(
    connection_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address_file, "_LONGEST_PATH", 10)
    opened = OpenAddress(connection_file)
    found = find(connection_file)
    assert found is not None
    assert found.path is None
    socket.create_connection(("127.0.0.1", found.port)).close()
    opened.socket.close()


def test_files_that_others_could_have_written_are_not_read(opened: OpenAddress, connection_file: str) -> None:
    folder = os.path.join(os.path.dirname(connection_file), "nbsession")  # noqa: PTH118, PTH120
    os.chmod(folder, 0o755)  # noqa: PTH101
    assert find(connection_file) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"format": 2}), json.dumps({"format": 1})])
def test_what_is_no_address_is_not_used(connection_file: str, content: str, tmp_path: Path) -> None:
    opened = OpenAddress(connection_file)
    opened.socket.close()
    [file] = (tmp_path / "nbsession").glob("*.json")
    file.write_text(content)
    assert find(connection_file) is None


def test_files_of_kernels_that_are_gone_are_removed(tmp_path: Path, connection_file: str) -> None:
    gone = OpenAddress(str(tmp_path / "kernel-0.json"))
    gone.socket.close()
    opened = OpenAddress(connection_file)
    opened.socket.close()
    assert len(list((tmp_path / "nbsession").iterdir())) == 2
    opened.remove()
    assert list((tmp_path / "nbsession").iterdir()) == []


def test_a_connection_that_nobody_reads_ends_when_too_much_waits() -> None:
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    with ours, theirs:
        looked: list[RelayConnection] = []
        connection = RelayConnection(ours, looked.append, 0.0)
        for _ in range(40):
            connection.send(BINARY, bytes(1024 * 1024))
        assert connection.ended
        assert connection in looked


def test_what_could_not_be_written_at_once_follows_in_order() -> None:
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    with ours, theirs:
        connection = RelayConnection(ours, lambda _: None, 0.0)
        sent = [(BINARY, bytes([number]) * 300_000) for number in range(10)]
        for message in sent:
            connection.send(*message)
        reader = Reader()
        found: list[tuple[int, bytes]] = []
        while len(found) < len(sent):
            reader.feed(theirs.recv(65536))
            connection.write()
            while (message_ := reader.next()) is not None:
                found.append(message_)
        assert found == sent
        assert not connection.waiting
