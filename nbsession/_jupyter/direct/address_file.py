"""The address on which a kernel listens for the Jupyter server, in a file beside the kernel's connection file.

Both sides know the connection file. The folder of these files belongs to the user alone, and the file contains a
secret, which the server presents when it connects.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import socket
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Of the file's content, and of what is sent to the address: a server leaves a kernel alone that has another one.
_FORMAT = 1
_FOLDER = "nbsession"
# Bytes of a Unix socket's path: 108 on Linux and 104 on macOS, with the final zero.
_LONGEST_PATH = 100
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Address:
    """An address that a kernel listens on.

    Attributes
    ----------
    path : str or None
        A Unix socket; None for a port.
    port : int
        A port of 127.0.0.1, where there is no Unix socket.
    secret : bytes
        The content of the first message to the address.
    """

    path: str | None
    port: int
    secret: bytes


class OpenAddress:
    """A listening socket and its file. Raises OSError if there can be none.

    Parameters
    ----------
    connection_file : str
        The kernel's.
    """

    def __init__(self, connection_file: str) -> None:
        self._file = _file(connection_file)
        folder = self._file.parent
        folder.mkdir(mode=0o700, exist_ok=True)
        _check_private(folder)
        _sweep(folder)
        self._path = self._file.with_suffix(".sock")
        path = str(self._path)
        self.secret = secrets.token_bytes(32)
        if hasattr(socket, "AF_UNIX") and len(os.fsencode(path)) <= _LONGEST_PATH:
            self.socket = socket.socket(socket.AF_UNIX)
            self._path.unlink(missing_ok=True)  # of a kernel that was killed
            self.socket.bind(path)
            self._path.chmod(0o600)
            address: dict[str, object] = {"path": path}
        else:
            self.socket = socket.socket(socket.AF_INET)
            self.socket.bind((_LOOPBACK, 0))
            address = {"port": self.socket.getsockname()[1]}
        self.socket.listen()
        self.socket.settimeout(0)
        self.kind = "a Unix socket" if "path" in address else "a port of 127.0.0.1"
        said = {"format": _FORMAT, **address, "secret": self.secret.hex(), "kernel": connection_file}
        self._file.unlink(missing_ok=True)
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 -- a descriptor
            json.dump(said, file)

    def remove(self) -> None:
        """Remove the files."""
        for each in (self._file, self._path):
            with contextlib.suppress(OSError):
                each.unlink(missing_ok=True)


def find(connection_file: str) -> Address | None:
    """Return the address of the kernel with this connection file; None if it does not listen on this machine."""
    file = _file(connection_file)
    try:
        _check_private(file.parent)
        said = json.loads(file.read_text(encoding="utf-8"))
        if said["format"] != _FORMAT:
            return None
        return Address(said.get("path"), int(said.get("port", 0)), bytes.fromhex(said["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file(connection_file: str) -> Path:
    """Return the name of the file: short, and without the kernel's id, by which Jupyter looks for connection files."""
    path = Path(connection_file)
    name = hashlib.sha256(path.name.encode()).hexdigest()[:16]
    return path.absolute().parent / _FOLDER / f"{name}.json"


def _check_private(folder: Path) -> None:
    """Raise OSError if others may use the folder."""
    if not hasattr(os, "getuid"):
        return  # on Windows, a user's folders are their own
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        msg = f"{folder} is not a folder of this user alone"
        raise PermissionError(msg)


def _sweep(folder: Path) -> None:
    """Remove the files of kernels that were killed: Jupyter has removed their connection files."""
    for file in folder.glob("*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            said: Any = json.loads(file.read_text(encoding="utf-8"))
            if not Path(said["kernel"]).exists():
                file.unlink()
                file.with_suffix(".sock").unlink(missing_ok=True)
