"""Short tracebacks: users see their own lines and one line of this package.

``__tracebackhide__`` alone is not enough. IPython always shows the innermost frame, even deep inside this package.
Python's own tracebacks, as in pools and logs, ignore it. Therefore, the frames below a public function are removed from
the exception when it leaves that function. The function's own frame has ``__tracebackhide__``: pytest then shows none
of this package's frames, whose source would be a screen of documentation.

An internal error, that is an exception that no code of this package raises on purpose, keeps all its frames.
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
    """Remove this package's frames from an exception, below the frame that has caught it and raises it again.

    Parameters
    ----------
    error : BaseException
        The caught exception.
    itself : bool
        Whether to remove that frame as well, because it is the second one of this package. (Python 3.10 restores it.)
    """
    head = error.__traceback__
    if head is None:
        return
    users = _first_of_user(head.tb_next)  # for example, frames of a generator that download() reads
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
        # Compiled code (pyzmq) has file names from its build; the module has the actual one.
        files = (frame.f_code.co_filename, str(frame.f_globals.get("__file__", "")))
        if not any(file.startswith((_OURS, "<frozen", *_LIBRARIES)) for file in files):
            return trace
        trace = trace.tb_next
    return None


def _on_purpose(trace: TracebackType) -> bool:
    """Return whether the exception comes from a ``raise`` statement of this package."""
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    return code.co_filename.startswith(_OURS) and code.co_code[trace.tb_lasti] == _RAISE


class Brief:
    """Wraps a public function's body, as a context manager: see `shorten`."""

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
# Modules that public functions call directly.
BRIEF_INNER = Brief(itself=True)
