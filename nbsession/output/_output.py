"""The handle of an output."""

from __future__ import annotations

import inspect
import weakref
from functools import cache
from typing import TYPE_CHECKING, Any

from nbsession._core.backlog import admit
from nbsession._core.brief import BRIEF

from ._calling import calling
from ._placement import entered, within
from ._registered import closed_by_reader, with_callback

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from types import TracebackType

    from typing_extensions import Self

    from nbsession._core.session import Session

    from ._content import Content
    from ._later_warning import LaterWarning

# Arguments of the functions that ``update`` does not take.
_INNER = frozenset({"called", "function", "into"})

# Takes as long as the rest of a put_text. There are few functions: only this package's.
signature_of = cache(inspect.signature)


@cache
def _updated(describe: Callable[..., Content]) -> inspect.Signature:
    """Return the signature of an output's ``update``."""
    signature = signature_of(describe)
    return signature.replace(
        parameters=[each for name, each in signature.parameters.items() if name not in _INNER]
    )


def _as_written(parameter: inspect.Parameter) -> str:
    before = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
    after = "=" if parameter.kind is parameter.KEYWORD_ONLY else ""
    return f"{before}{parameter.name}{after}"


class Output:
    """An output on the page. As a cell's last value, it displays nothing.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> line = put_text("0 of 10")  # doctest: +SKIP
    >>> line.update("10 of 10")  # doctest: +SKIP
    >>> line.remove()  # doctest: +SKIP
    """

    # Few outputs have any.
    _style = ""
    _clicked: int | None = None
    _inside: tuple[AbstractContextManager[None], ...] = ()
    _unshown: weakref.finalize[[Session, int, LaterWarning], Output] | None = None

    def __init__(
        self,
        function: str,
        session: Session,
        key: int,
        describe: Callable[..., Content],
        arguments: dict[str, Any],
        content: Content,
    ) -> None:
        self._function = function
        self._session = session
        self._key = key
        self._describe = describe
        self._arguments = arguments
        self._container = content.container
        self._passing = content.passing

    def __repr__(self) -> str:
        return f"<Output of {self._function}>"

    def shown_nowhere(self, warning: LaterWarning) -> None:
        """Handle that its scope does not exist: it is shown only if it moves into another output.

        The warning follows when it no longer can, because nothing refers to it any more.
        """
        self._unshown = weakref.finalize(self, _drop, self._session, self._key, warning)
        self._unshown.atexit = False

    def _ipython_display_(self) -> None:
        """Show nothing: the output is already shown."""
        self._end_unshown()

    def _end_unshown(self) -> None:
        """Warn now if its scope does not exist, because it does not move into another output."""
        if self._unshown is not None:
            self._unshown()

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Replace the output.

        Parameters
        ----------
        *args, **kwargs
            The arguments of the function that created it, except ``scope`` and ``position``. Arguments that are omitted
            keep their values.

        Raises
        ------
        TypeError, ValueError
            As raised by that function for these arguments.
        SessionClosedException
            If its session has been closed.

        Notes
        -----
        Has no effect if the output was removed. Not in PyWebIO, where scopes serve to replace outputs.
        """
        self._session.check_open()
        arguments = {**self._arguments, **self._given(*args, **kwargs)}
        bound = inspect.BoundArguments(signature_of(self._describe), arguments)
        content = self._describe(*bound.args, **bound.kwargs)
        content = closed_by_reader(self._session, self._key, content)
        self._arguments = arguments
        outputs = self._session.outputs
        former = [node.key for node in outputs.children(self._key)]
        kept = {output.key for output in content.nested}
        fields = with_callback(self._session, self._key, content)
        admit(self._session, self._session.delivery)
        outputs.update(self._key, **fields)
        outputs.move_in([output.key for output in content.nested], self._key)
        for key in former:
            if key not in kept:
                outputs.remove(key, itself=False)

    def _given(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        signature = _updated(self._describe)
        try:
            return signature.bind_partial(*args, **kwargs).arguments
        except TypeError as error:
            taken = ", ".join(map(_as_written, signature.parameters.values()))
            msg = f"{self._function}(...).update() takes {taken}: {error}"
            raise TypeError(msg) from None

    def remove(self) -> None:
        """Remove the output with its content. A second call has no effect."""
        self._session.check_open()
        self._session.outputs.remove(self._key)

    def style(self, css_style: str) -> Self:
        """Add CSS declarations to the output.

        Parameters
        ----------
        css_style : str
            The declarations, such as ``"color: red; margin-top: 20px"``. They apply to the output's outermost element.
            Later ones win. The browser ignores those that are invalid.

        Returns
        -------
        Output
            The output itself.

        Examples
        --------
        >>> from nbsession.output import put_text
        >>> put_text("hello").style("color: red; font-size: 20px")  # doctest: +SKIP

        Notes
        -----
        Corresponds to the method of ``pywebio.output``. Never build CSS from untrusted data: it cannot run scripts, but
        it can cover the page, and load images from other servers.
        """
        __tracebackhide__ = True
        with BRIEF:
            given: object = css_style
            if not isinstance(given, str):
                msg = f"style() expects CSS declarations as a str, not {type(given).__name__}: {given!r:.80}"
                raise TypeError(msg)
            self._session.check_open()
            self._style = f"{self._style}; {css_style}" if self._style else css_style
            self._session.outputs.update(self._key, style=self._style)
            return self

    def onclick(self, callback: Callable[[], object]) -> Self:
        """Call a function when the reader clicks the output, or presses Enter or Space on it.

        Parameters
        ----------
        callback : callable
            Called without arguments; a coroutine function is awaited. Its output goes to the scope in which ``onclick``
            was called. It replaces the function that an earlier ``onclick`` has set.

        Returns
        -------
        Output
            The output itself.

        Examples
        --------
        >>> from nbsession.output import put_text, toast
        >>> put_text("click me").onclick(lambda: toast("clicked"))  # doctest: +SKIP

        Notes
        -----
        Corresponds to the method of ``pywebio.output``.
        """
        __tracebackhide__ = True
        with BRIEF:
            given: object = callback
            if not callable(given):
                msg = f"onclick() expects a function, not {type(given).__name__}: {given!r:.80}"
                raise TypeError(msg)
            self._session.check_open()
            callbacks, former = self._session.callbacks, self._clicked
            number = self._clicked = callbacks.add(calling(self._session, lambda _: callback()))
            self._session.outputs.when_removed(self._key, lambda: callbacks.remove(number))
            self._session.outputs.update(self._key, click=number)
            if former is not None:
                callbacks.remove(former)
            return self

    def show(self) -> None:
        """Do nothing: the output is already shown.

        Notes
        -----
        Corresponds to the method of ``pywebio.output``, where it shows an output whose return value is kept.
        """

    def send(self) -> None:
        """Do nothing: the output is already shown. The former name of `show`."""

    def __enter__(self) -> str:
        """Show the outputs of the ``with`` block inside this one.

        Returns
        -------
        str
            The name of a scope for further outputs inside it.

        Raises
        ------
        RuntimeError
            If it is not a container such as `put_collapse`.
        """
        __tracebackhide__ = True
        with BRIEF:
            if not self._container:
                msg = (
                    f"{self._function}() contains no other outputs, so it cannot be used in a with statement"
                )
                raise RuntimeError(msg)
            self._session.check_open()
            self._end_unshown()
            name = f"{self._function}-{self._key}"
            self._session.outputs.name_scope(self._key, name)
            inside = within(self._session, (*entered(self._session), name))
            inside.__enter__()
            self._inside = (*self._inside, inside)
            return name

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        inside, self._inside = self._inside[-1], self._inside[:-1]
        inside.__exit__(kind, error, traceback)
        if self._passing:
            self._session.outputs.remove(self._key)

    @property
    def key(self) -> int:
        """The node's key in its session. The session has no such node if the output was removed or never shown."""
        return self._key

    @property
    def session(self) -> Session:
        """The session that shows it."""
        return self._session


def _drop(session: Session, key: int, warning: LaterWarning) -> None:
    if session.outputs.drop_if_nowhere(key):
        warning.issue()
