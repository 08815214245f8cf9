"""The process of a browser, and its cleanup.

The browser listens on a pair of pipes whose other ends only this process holds. If this process dies for any reason,
they are closed, and the browser ends. The profile folder has one owner: a shell that creates it, runs the browser, and
deletes it afterwards. Only this shell, a sleeping process, needs to survive.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# $0 is the folder, the rest is the command. Signals to the shell do not prevent its cleanup. The browser's last
# children may still be writing when it has ended.
_OWNER = """
mkdir -m 700 -- "$0" || exit 1
trap : HUP INT TERM
"$@"
code=$?
for try in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf -- "$0" 2>&1 && break
    sleep 0.1
done
exit $code
"""
# The descriptors from which the browser reads commands and to which it writes.
_COMMANDS, _ANSWERS = 3, 4
# A number above the descriptors that the shell and the browser inherit.
_LOWEST = 10
_READ = 64 * 1024
# Maximum characters of the path. A socket's path may have 107, and 68 of them follow.
_LONGEST = 39
_TAIL = 4000


class BrowserProcess:
    """A browser that dies with this process.

    Parameters
    ----------
    command : callable
        ``command(folder)`` returns the command line of a browser with its profile in the folder and
        ``--remote-debugging-pipe``.
    received : callable
        Called with the browser's output, on a thread of this process.
    ended : callable
        Called on that thread when the browser has ended.

    Attributes
    ----------
    folder : Path
        The profile folder, which exists while the browser runs.
    """

    def __init__(
        self,
        command: Callable[[Path], Sequence[str]],
        received: Callable[[bytes], object],
        ended: Callable[[], object],
    ) -> None:
        self.folder = _temporary() / f"nbsession-{secrets.token_hex(6)}"
        self._command = command
        self._received = received
        self._ended = ended
        self._lock = threading.Lock()
        self._commands = self._answers = -1
        self._last_words = ""
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 -- open as long as the browser

    def start(self) -> None:
        """Start the browser."""
        their_end, self._commands = _pipe()
        self._answers, their_other_end = _pipe()
        try:
            command = self._command(self.folder)
            self._pid = _spawn(command, self.folder, their_end, their_other_end, self._log.fileno())
        except BaseException:
            self._close()
            raise
        finally:
            os.close(their_end)
            os.close(their_other_end)
        _started.add(self)
        threading.Thread(target=self._read, name="nbsession browser", daemon=True).start()

    def send(self, message: bytes) -> None:
        """Write to the browser. No effect if it has ended. Can be called on any thread."""
        with self._lock, suppress(OSError):
            rest = memoryview(message)
            while rest:
                rest = rest[os.write(self._commands, rest) :]

    def close(self) -> None:
        """End the browser. Returns at once."""
        with self._lock:
            self._close_commands()

    @property
    def said(self) -> str:
        """The end of the browser's log."""
        with self._lock:
            return self._last_words if self._log.closed else self._tail()

    def _tail(self) -> str:
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), _TAIL, max(0, size - _TAIL)).decode(errors="replace").strip()

    def _read(self) -> None:
        try:
            while data := os.read(self._answers, _READ):
                self._received(data)
        finally:
            with self._lock:
                self._close()  # ends it, if it has not ended
            with suppress(ChildProcessError):  # other code waits for all children
                os.waitpid(self._pid, 0)
            with self._lock:
                self._last_words = self._tail()
                self._log.close()
            self._ended()

    def _close_commands(self) -> None:
        descriptor, self._commands = self._commands, -1
        if descriptor >= 0:
            os.close(descriptor)

    def forked(self) -> None:
        """Close the browser's descriptors in a child of this process."""
        self._close()

    def _close(self) -> None:
        self._close_commands()
        descriptor, self._answers = self._answers, -1
        if descriptor >= 0:
            os.close(descriptor)


_started: WeakSet[BrowserProcess] = WeakSet()


def _forked() -> None:
    # A child that Python forks (multiprocessing) would otherwise keep the browser alive after this process.
    for process in list(_started):
        process.forked()


os.register_at_fork(after_in_child=_forked)


def _temporary() -> Path:
    """Return the folder for temporary files, or a shorter one, because Chromium creates a socket there."""
    folder = tempfile.gettempdir()
    return Path("/tmp" if len(folder) > _LONGEST else folder)  # noqa: S108 -- in a folder of its own with a random name


def _pipe() -> tuple[int, int]:
    reading, writing = os.pipe()
    return _raised(reading), _raised(writing)


def _raised(descriptor: int) -> int:
    """Move a descriptor away from the numbers that the browser inherits."""
    raised = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _LOWEST)
    os.close(descriptor)
    return raised


def _spawn(command: Sequence[str], folder: Path, commands: int, answers: int, log: int) -> int:
    return os.posix_spawn(
        "/bin/sh",
        ["sh", "-c", _OWNER, str(folder), *command],
        {**os.environ, "TMPDIR": str(folder)},  # files elsewhere would remain after a crash
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, log, 1),
            (os.POSIX_SPAWN_DUP2, log, 2),
            (os.POSIX_SPAWN_DUP2, commands, _COMMANDS),
            (os.POSIX_SPAWN_DUP2, answers, _ANSWERS),
        ],
        setpgroup=0,  # Ctrl-C in a terminal must not reach it
        setsigmask=(),
        # Kernels ignore SIGINT between cells, and ignored signals are inherited.
        setsigdef=(signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGCHLD),
    )
