"""Short tracebacks: of a call that fails users see their own lines, and one of ours.

``__tracebackhide__`` alone is not enough. IPython always shows the innermost frame, however deep it is in ours, and
Python's own tracebacks, those of pools and logs, know nothing of it. So the frames below a public function are taken
out of the exception where it leaves that function. The function's own frame has ``__tracebackhide__``: pytest then
shows none of ours, whose source would be a screen of documentation.

What is a fault of nbsession, an exception that no code of ours raises on purpose, keeps all its frames.
"""

from __future__ import annotations

import dis
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from nbsession.exceptions import SessionException

if TYPE_CHECKING:
    from types import TracebackType

_OURS = str(Path(__file__).parents[1])
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_RAISE = dis.opmap["RAISE_VARARGS"]


def shorten(error: BaseException, *, itself: bool = False) -> None:
    """Take our frames out of an exception, below the frame that has just caught it and raises it again.

    Parameters
    ----------
    error : BaseException
        What has been caught.
    itself : bool
        That frame, too: it is the second of ours. (Python 3.10 puts it back.)
    """
    head = error.__traceback__
    if head is None:
        return
    users = _first_of_user(head.tb_next)  # such as those of a generator that download() reads
    if (
        users is None
        and not isinstance(error, (KeyboardInterrupt, SessionException))
        and not _on_purpose(head)
    ):
        return
    head.tb_next = users
    if itself:
        error.__traceback__ = users


def _first_of_user(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None:
        frame = trace.tb_frame
        # Compiled code (pyzmq) gives its file's name as it was when it was built; its module knows better.
        files = (frame.f_code.co_filename, str(frame.f_globals.get("__file__", "")))
        if not any(file.startswith((_OURS, "<frozen", *_LIBRARIES)) for file in files):
            return trace
        trace = trace.tb_next
    return None


def _on_purpose(trace: TracebackType) -> bool:
    """Say whether a ``raise`` of ours is what raised."""
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    return code.co_filename.startswith(_OURS) and code.co_code[trace.tb_lasti] == _RAISE


class Brief:
    """A public function's body, as a context manager: see `shorten`."""

    __slots__ = ("_itself",)

    def __init__(self, *, itself: bool = False) -> None:
        self._itself = itself

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            shorten(error, itself=self._itself)


BRIEF = Brief()
# Of what public functions call at once.
BRIEF_INNER = Brief(itself=True)
