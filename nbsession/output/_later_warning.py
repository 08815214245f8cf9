"""A warning about a line of the caller that is issued when that line no longer runs, if at all."""

from __future__ import annotations

import sys
import warnings


class LaterWarning:
    """A warning, and the line that it is about.

    Parameters
    ----------
    text : str
        The text.
    stacklevel : int
        The line, as in `warnings.warn` of the code that makes this object.
    """

    def __init__(self, text: str, stacklevel: int) -> None:
        self._text = text
        frame = sys._getframe(stacklevel)
        self._line = (frame.f_code.co_filename, frame.f_lineno)
        self._globals = frame.f_globals

    def issue(self) -> None:
        """Issue the warning."""
        module = self._globals.get("__name__")
        registry = self._globals.setdefault("__warningregistry__", {})
        warnings.warn_explicit(self._text, UserWarning, *self._line, module=module, registry=registry)
