"""The exceptions of nbsession.

::

    SessionException
    ├── SessionClosedException      the session has ended; has the reason
    ├── SessionNotFoundException    the calling code belongs to no session
    ├── FrontendNotFoundException   no browser answered
    ├── PageLostError               the page was lost while the code may have run
    ├── BacklogFullError            too much data waits for the page, and the caller must not block
    ├── ForkedProcessError          the call was made in a forked child of the process that has the page
    ├── UnsupportedKernelError      this kernel cannot receive messages while it is busy
    ├── UnansweredInputError        nobody can answer a form: the page is headless
    ├── JSError                     JavaScript threw, or its promise was rejected
    └── JSTimeoutError              no answer within ``timeout_`` (also a ``TimeoutError``)

The first three names are those of ``pywebio.exceptions``.
"""

from __future__ import annotations

__all__ = [
    "BacklogFullError",
    "ForkedProcessError",
    "FrontendNotFoundException",
    "JSError",
    "JSTimeoutError",
    "PageLostError",
    "SessionClosedException",
    "SessionException",
    "SessionNotFoundException",
    "UnansweredInputError",
    "UnsupportedKernelError",
]


class SessionException(Exception):  # noqa: N818 -- the original's name
    """Base class of nbsession's exceptions."""


class SessionClosedException(SessionException):
    """The session has ended, so the call has no effect.

    Parameters
    ----------
    reason : str
        The reason for the session's end.

    Attributes
    ----------
    reason : str
        The same text.
    """

    def __init__(self, reason: str = "the session was closed") -> None:
        self.reason = reason
        super().__init__(f"session closed: {reason}")


class SessionNotFoundException(SessionException):
    """The calling code belongs to no session."""


class FrontendNotFoundException(SessionException):
    """No browser has attached, so nothing can run JavaScript."""


class PageLostError(SessionException):
    """The page was lost after it may have started to run the code; the code is not repeated."""


class BacklogFullError(SessionException):
    """More than 64 MiB wait for the page, and the caller must not block."""


class ForkedProcessError(SessionException):
    """The call was made in a forked child (multiprocessing, ``os.fork``) of the process that has the page."""


class UnsupportedKernelError(SessionException):
    """The kernel cannot receive messages while a cell is running."""


class UnansweredInputError(SessionException):
    """Nobody can answer a form, because its page is headless, and there is no answer and no valid initial value."""


class JSError(SessionException):
    """A JavaScript error: the code threw, or its promise was rejected.

    Parameters
    ----------
    name : str
        The JavaScript error's name, such as ``"TypeError"``.
    message : str
        The JavaScript error's message.
    stack : str
        The JavaScript stack, as the browser formats it; may be empty.
    code : str
        The beginning of the code that was run.
    """

    def __init__(self, name: str, message: str, stack: str = "", code: str = "") -> None:
        self.name = name
        self.message = message
        self.stack = stack
        self.code = code
        first_line = code.strip().partition("\n")[0]
        super().__init__(f"{name}: {message}" + (f"\n  in: {first_line}" if first_line else ""))


class JSTimeoutError(SessionException, TimeoutError):
    """No value arrived within ``timeout_`` seconds."""
