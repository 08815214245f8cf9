"""The content of an uploaded file: in memory up to 1 MiB, above that in a temporary file without a name."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
import weakref
from contextlib import suppress
from io import FileIO
from pathlib import Path

from nbsession._sync.interrupt_safe_lock import InterruptSafeLock

# The largest content that stays in memory, and the most of all contents in this process.
IN_MEMORY = 1024 * 1024
_MOST_IN_MEMORY = 64 * 1024 * 1024
# A temporary file takes a file descriptor: uploads get a quarter of those that the process may have, at most this many.
_MOST_FILES = 1024
_USUAL_DESCRIPTORS = 1024
_COPIED_AT_ONCE = 1024 * 1024
_BINARY = getattr(os, "O_BINARY", 0)


class TooManyFilesError(Exception):
    """The process has as many temporary files for uploads as it may have."""


def _most_files() -> int:
    try:
        import resource  # noqa: PLC0415 -- not on Windows
    except ImportError:
        return _USUAL_DESCRIPTORS // 4
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_FILES if soft < 0 else min(soft // 4, _MOST_FILES)


class Quota:
    """What contents may use together: bytes of memory, and temporary files."""

    def __init__(self, most_memory: int, most_files: int) -> None:
        self._lock = InterruptSafeLock()  # a finalizer may take it anywhere
        self._memory = most_memory
        self._files = most_files

    def take_memory(self, size: int) -> bool:
        with self._lock:
            taken = self._memory >= size
            if taken:
                self._memory -= size
            return taken

    def take_file(self) -> bool:
        with self._lock:
            taken = self._files > 0
            self._files -= taken
            return taken

    def give_back(self, memory: int, *, file: bool) -> None:
        with self._lock:
            self._memory += memory
            self._files += file


_OF_PROCESS = Quota(_MOST_IN_MEMORY, _most_files())


class _Store:
    """The memory or the temporary file of one content."""

    def __init__(self, quota: Quota) -> None:
        self._quota = quota
        self.memory: bytearray = bytearray()
        self.descriptor: int | None = None
        self._taken = 0

    def keep(self, piece: bytes | bytearray) -> bool:
        """Append the piece in memory, if there is room."""
        if not self._quota.take_memory(len(piece)):
            return False
        self._taken += len(piece)
        self.memory += piece
        return True

    def spill(self, directory: str) -> int:
        """Move the content to a temporary file."""
        if not self._quota.take_file():
            raise TooManyFilesError
        try:
            Path(directory).mkdir(parents=True, exist_ok=True)
            self.descriptor = _open_unnamed(directory)
        except BaseException:
            self._quota.give_back(0, file=True)
            raise
        _write_all(self.descriptor, self.memory)
        self._drop_memory()
        return self.descriptor

    def release(self) -> None:
        self._drop_memory()
        descriptor, self.descriptor = self.descriptor, None
        if descriptor is not None:
            os.close(descriptor)
            self._quota.give_back(0, file=True)

    def _drop_memory(self) -> None:
        self.memory = bytearray()
        taken, self._taken = self._taken, 0
        self._quota.give_back(taken, file=False)


class UploadContent:
    """The content of one file, written piece by piece. Nothing of it is left once nobody refers to it.

    A temporary file has no name, so that it is gone however the process ends.

    Parameters
    ----------
    directory : str, optional
        The folder of the temporary file, created if it is missing. If `save` saves on the same file system, it need not
        copy (on Linux).
    quota : Quota
        What it shares with others; the process's by default.

    Attributes
    ----------
    size : int
        The number of bytes written.
    """

    def __init__(self, directory: str | None = None, *, quota: Quota = _OF_PROCESS) -> None:
        self.size: int = 0
        self._directory = directory or tempfile.gettempdir()
        self._store = _Store(quota)
        self._lock = threading.Lock()  # the file has one position
        self._saved = False
        weakref.finalize(self, self._store.release)

    @property
    def in_memory(self) -> bool:
        """Whether it takes no temporary file."""
        return self._store.descriptor is None

    def write(self, piece: bytes | bytearray) -> None:
        """Append bytes.

        Raises
        ------
        OSError
            If the disk takes no more. The content is then incomplete.
        TooManyFilesError
            If it needs a temporary file, and the process has too many.
        """
        with self._lock:
            descriptor = self._store.descriptor
            if descriptor is None:
                if self.size + len(piece) <= IN_MEMORY and self._store.keep(piece):
                    self.size += len(piece)
                    return
                descriptor = self._store.spill(self._directory)
            _write_all(descriptor, piece)
            self.size += len(piece)

    def read(self) -> bytes:
        """Return the whole content."""
        with self._lock:
            if self._store.descriptor is None:
                return bytes(self._store.memory)
            with FileIO(self._store.descriptor, closefd=False) as file:
                file.seek(0)
                return file.readall()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Save it as a file. A file that is there is replaced, as soon as the new one is complete."""
        target = Path(path)
        new = target.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with self._lock:
                if self._saved or not _link(self._store.descriptor, new):
                    self._copy(new)
                elif self._store.descriptor is not None:
                    self._saved = True  # what is done to the one file must not happen to another
            new.replace(target)
        except BaseException:
            with suppress(OSError):
                new.unlink()
            raise

    def _copy(self, path: Path) -> None:
        descriptor = self._store.descriptor
        with path.open("xb") as copy:
            if descriptor is None:
                copy.write(self._store.memory)
                return
            with FileIO(descriptor, closefd=False) as file:
                file.seek(0)
                shutil.copyfileobj(file, copy, _COPIED_AT_ONCE)


def _open_unnamed(directory: str) -> int:
    if hasattr(os, "O_TMPFILE"):
        # tempfile's own could not be linked to a name later.
        with suppress(OSError):
            return os.open(directory, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o666)
    with tempfile.TemporaryFile(dir=directory, prefix="nbsession-") as file:
        return os.dup(file.fileno())


def _link(descriptor: int | None, path: Path) -> bool:
    """Give an unnamed file a name, where that is possible."""
    if descriptor is None or not hasattr(os, "O_TMPFILE"):
        return False
    try:
        # With a descriptor of a folder (which an absolute path leaves unused), the link follows /proc's.
        os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)
    except OSError:
        return False
    return True


def _write_all(descriptor: int, content: bytes | bytearray) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
