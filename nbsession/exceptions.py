"""The exceptions of nbsession.

::

    SessionException
    ├── SessionClosedException      the session has ended; carries the reason
    ├── SessionNotFoundException    no session belongs to the place of the call
    ├── FrontendNotFoundException   no browser answered
    ├── PageLostError               the page went away while it may have been running the code
    ├── BacklogFullError            too much waits for the page, and the caller may not wait
    ├── ForkedProcessError          the call was made in a forked child of the process that has the page
    ├── UnsupportedKernelError      this kernel offers no way to read messages while it is busy
    ├── JSError                     JavaScript threw, or its promise was rejected
    └── JSTimeoutError              no answer within ``timeout_`` (also a ``TimeoutError``)

The first three names are the original's (``pywebio.exceptions``).
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
    "UnsupportedKernelError",
]


class SessionException(Exception):  # noqa: N818 -- the original's name
    """Base of everything that nbsession raises of its own."""


class SessionClosedException(SessionException):
    """The session has ended, so the call can have no effect.

    Parameters
    ----------
    reason : str
        Why the session ended, as the reader would say it.

    Attributes
    ----------
    reason : str
        The same text.
    """

    def __init__(self, reason: str = "the session was closed") -> None:
        self.reason = reason
        super().__init__(f"session closed: {reason}")


class SessionNotFoundException(SessionException):
    """No session belongs to the place where the call was made."""


class FrontendNotFoundException(SessionException):
    """No browser has attached, so nothing can run JavaScript."""


class PageLostError(SessionException):
    """The page was lost after it may have begun to run the code; the code is not repeated."""


class BacklogFullError(SessionException):
    """More than 64 MiB wait for the page and the caller may not be made to wait."""


class ForkedProcessError(SessionException):
    """The call was made in a forked child (multiprocessing, ``os.fork``) of the process that has the page."""


class UnsupportedKernelError(SessionException):
    """The kernel offers no way to read messages while a cell is running."""


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
    """No value came back within ``timeout_`` seconds."""
