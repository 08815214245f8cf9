"""Functions that the original has deprecated."""

from __future__ import annotations

import itertools
import warnings
from typing import TYPE_CHECKING, Any, overload

from nbsession._core.brief import BRIEF

from ._content import Content
from ._nested import nested
from ._output import Output
from ._placement import find
from ._progress import put_progressbar, set_progressbar
from ._scopes import clear
from ._shown import show_at

if TYPE_CHECKING:
    from collections.abc import Sequence

_numbers = itertools.count(1)


class OutputHandler(Output):
    """An output whose content can be changed. The return value of `output`.

    Examples
    --------
    >>> from nbsession.output import output
    >>> hobby = output("Coding")  # doctest: +SKIP
    >>> hobby.append("Music")  # doctest: +SKIP
    """

    def reset(self, *contents: object) -> None:
        """Replace the content.

        Parameters
        ----------
        *contents : Output or object
            The new content; anything but an output is shown as text.
        """
        __tracebackhide__ = True
        with BRIEF:
            self.update(*contents)

    def append(self, *contents: object) -> None:
        """Add to the content.

        Parameters
        ----------
        *contents : Output or object
            What is added at the end.
        """
        __tracebackhide__ = True
        with BRIEF:
            self._session.check_open()
            self._session.outputs.move_in([each.key for each in nested(contents)], self._key)

    def insert(self, idx: int, *contents: object) -> None:
        """Add to the content at a place.

        Parameters
        ----------
        idx : int
            The place: in front of item ``idx``, or after it if it is negative.
        *contents : Output or object
            What is added.
        """
        __tracebackhide__ = True
        with BRIEF:
            outputs, new = self._session.outputs, nested(contents)
            keys = [node.key for node in outputs.children(self._key)]
            place = idx if idx >= 0 else max(len(keys) + 1 + idx, 0)
            after = keys[place:]
            self.append(*new)
            outputs.move_in(after, self._key)


def output(*contents: object) -> OutputHandler:
    """Show outputs whose handle can change them.

    Parameters
    ----------
    *contents : Output or object
        The content; anything but an output is shown as text.

    Returns
    -------
    OutputHandler
        ``reset``, ``append`` and ``insert`` change the content.

    Examples
    --------
    >>> from nbsession.output import output, put_table
    >>> hobby = output("Coding")  # doctest: +SKIP
    >>> put_table([["Name", "Hobbies"], ["Wang", hobby]])  # doctest: +SKIP
    >>> hobby.append("Music")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.output``, which is deprecated: use `put_scope`. It is shown at once, and moves
    into the output to which it is given.
    """
    __tracebackhide__ = True
    with BRIEF:
        warnings.warn("output() is deprecated, use put_scope()", DeprecationWarning, stacklevel=2)
        place, name = find("output", None), f"output-{next(_numbers)}"
        shown = show_at(
            "output", place, _contents, *contents, called=name, known_as=name, handle=OutputHandler
        )
        assert isinstance(shown, OutputHandler)
        return shown


def _contents(*contents: object, called: str) -> Content:
    return Content("scope", {"name": called}, nested(contents))


@overload
def style(outputs: Output, css_style: str) -> Output: ...
@overload
def style(outputs: Sequence[Output], css_style: str) -> list[Output]: ...
def style(outputs: Any, css_style: str) -> Any:
    """Add CSS declarations to outputs.

    Parameters
    ----------
    outputs : Output or list of Output
        The outputs.
    css_style : str
        The declarations, such as ``"color: red"``.

    Returns
    -------
    Output or list of Output
        What was given.

    Examples
    --------
    >>> from nbsession.output import put_text, style
    >>> style(put_text("hello"), "color: red")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.style``, which is deprecated: use the method `Output.style`.
    """
    __tracebackhide__ = True
    with BRIEF:
        warnings.warn("style() is deprecated, use put_...(...).style(...)", DeprecationWarning, stacklevel=2)
        given = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
        for each in given:
            if not isinstance(each, Output):
                msg = f"style() expects return values of put_... functions, not {type(each).__name__}: {each!r:.80}"
                raise TypeError(msg)
            each.style(css_style)
        return outputs if isinstance(outputs, Output) else given


clear_scope = clear
"""The former name of `clear`."""
put_processbar = put_progressbar
"""The former name of `put_progressbar`."""
set_processbar = set_progressbar
"""The former name of `set_progressbar`."""
