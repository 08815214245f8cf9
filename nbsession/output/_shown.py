"""The common part of all ``put_...`` functions: show a node, and return a handle to update and remove it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

from nbsession._core.backlog import admit
from nbsession._core.brief import BRIEF_INNER
from nbsession._core.inputs import Input
from nbsession._core.tree import NOWHERE

from ._calling import calling
from ._placement import Place, find
from ._presses import Presses

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.session import Session

    from ._placement import Scope


class Entered(Input, Protocol):
    """An output into which the reader enters something: a pin."""

    def shown_as(self, session: Session, key: int) -> None:
        """Handle that its node is about to be shown."""
        ...

    def removed(self) -> None:
        """Handle that its node was removed."""
        ...


# Arguments of the functions that ``update`` does not take.
_INNER = frozenset({"called", "function", "into"})

# Takes as long as the rest of a put_text. There are few functions: only this package's.
_signature = cache(inspect.signature)


@cache
def _updated(describe: Callable[..., Content]) -> inspect.Signature:
    """Return the signature of an output's ``update``."""
    signature = _signature(describe)
    return signature.replace(
        parameters=[each for name, each in signature.parameters.items() if name not in _INNER]
    )


@dataclass(frozen=True)
class Content:
    """The content of an output.

    Parameters
    ----------
    kind : str
        The node's kind (docs/protocol.md).
    fields : dict
        The node's fields: JSON values, and bytes.
    nested : list of Output
        Outputs that move into the node; their index in the list is their slot.
    called : callable, optional
        Called with the page's value when the reader uses the output.
    serial : bool
        Whether calls run one after the other.
    pressed : bool
        Whether it consists of buttons, which are busy while their functions run.
    entered : Entered, optional
        Gets the events of a pin.
    """

    kind: str
    fields: dict[str, Any]
    nested: list[Output] = field(default_factory=list)
    called: Callable[[Any], object] | None = None
    serial: bool = True
    pressed: bool = False
    entered: Entered | None = None


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

    def __init__(
        self,
        function: str,
        session: Session,
        key: int,
        describe: Callable[..., Content],
        arguments: dict[str, Any],
    ) -> None:
        self._function = function
        self._session = session
        self._key = key
        self._describe = describe
        self._arguments = arguments

    def __repr__(self) -> str:
        return f"<Output of {self._function}>"

    def _ipython_display_(self) -> None:
        """Show nothing: the output is already shown."""

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
        bound = inspect.BoundArguments(_signature(self._describe), arguments)
        content = self._describe(*bound.args, **bound.kwargs)
        self._arguments = arguments
        outputs = self._session.outputs
        former = [node.key for node in outputs.children(self._key)]
        kept = {output.key for output in content.nested}
        fields = _with_callback(self._session, self._key, content)
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

    @property
    def key(self) -> int:
        """The node's key in its session. The session has no such node if the output was removed or never shown."""
        return self._key

    @property
    def session(self) -> Session:
        """The session that shows it."""
        return self._session


def show(
    function: str,
    scope: Scope,
    position: int,
    describe: Callable[..., Content],
    *args: Any,
    **kwargs: Any,
) -> Output:
    """Show the result of ``describe(*args, **kwargs)``; ``Output.update`` calls it again."""
    with BRIEF_INNER:
        return show_at(function, find(function, scope, position, stacklevel=4), describe, *args, **kwargs)


def show_at(
    function: str,
    place: Place,
    describe: Callable[..., Content],
    *args: Any,
    known_as: str | None = None,
    others: Literal["stay", "go", "win"] = "stay",
    **kwargs: Any,
) -> Output:
    """Show content in a place that has been looked up.

    ``known_as`` is the node's name in the session, and ``others`` says what happens to a node that has this name.
    """
    session, parent, position = place
    arguments = _signature(describe).bind(*args, **kwargs).arguments
    content = describe(*args, **kwargs)
    for output in content.nested:
        if output.session is not session:
            msg = f"{function}() got an output of another session"
            raise ValueError(msg)
    if parent is not None:
        admit(session, session.delivery)
    fields = content.fields
    forget: Callable[[], object] | None = None
    presses = None
    if content.called is not None:
        forget = forget_callback = _Forget(session)
        fields = forget_callback.register(content, None)
        presses = forget_callback.presses
    key = None
    if content.entered is not None:
        key = session.outputs.next_key()
        forget = _forget_input(session, content.entered, key)
    key = session.outputs.put(
        content.kind,
        key=key,
        parent=NOWHERE if parent is None else parent,
        position=position,
        known_as=known_as,
        others=others,
        nested=[output.key for output in content.nested],
        removed=forget,
        **fields,
    )
    if presses is not None:
        presses.shown_as(key)
    return Output(function, session, key, describe, arguments)


def _forget_input(session: Session, entered: Entered, key: int) -> Callable[[], object]:
    """Receive the events of a node that is about to be shown. Return the function to call when it is removed."""
    session.inputs.add(key, entered)
    entered.shown_as(session, key)

    def forget() -> None:
        session.inputs.remove(key)
        entered.removed()

    return forget


class _Forget:
    """Removes a callback when the output that has it is removed, or gets another one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.number: int | None = None
        self.presses: Presses | None = None

    def __call__(self) -> None:
        if self.number is not None:
            self._session.callbacks.remove(self.number)

    def register(self, content: Content, presses: Presses | None) -> dict[str, Any]:
        """Register the callback of an output, and return the node's fields."""
        assert content.called is not None
        callbacks, fields = self._session.callbacks, content.fields
        function = calling(self._session, content.called)
        if not content.pressed:
            self.number = callbacks.add(function, serial=content.serial)
            return {**fields, "callback": self.number}
        presses = self.presses = presses or Presses(self._session)
        function = presses.of(function, len(fields["buttons"]), repeat=fields["repeat"])
        self.number = callbacks.add(function, serial=content.serial, admit=presses.admit)
        return {**fields, "callback": self.number, "busy": presses.busy}


def _with_callback(session: Session, key: int, content: Content) -> dict[str, Any]:
    """Return the fields for an update; a new callback replaces the previous one."""
    if content.called is None:
        return content.fields
    forget = _Forget(session)
    former = session.outputs.removed(key, forget)
    fields = forget.register(content, former.presses if isinstance(former, _Forget) else None)
    if former is not None:
        former()
    return fields
