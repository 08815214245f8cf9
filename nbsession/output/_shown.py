"""The common part of all ``put_...`` functions: show a node, and return its handle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nbsession._core.backlog import admit
from nbsession._core.brief import BRIEF_INNER
from nbsession._core.tree import NOWHERE

from ._output import Output, signature_of
from ._placement import Place, find
from ._registered import Registered, closed_by_reader, register_input

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._content import Content
    from ._placement import Scope


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
    handle: type[Output] = Output,
    **kwargs: Any,
) -> Output:
    """Show content in a place that has been looked up.

    ``known_as`` is the node's name in the session, and ``others`` says what happens to a node that has this name.
    ``handle`` is the class of the result.
    """
    session, parent, position, warning = place
    arguments = signature_of(describe).bind(*args, **kwargs).arguments
    content = describe(*args, **kwargs)
    for output in content.nested:
        if output.session is not session:
            msg = f"{function}() got an output of another session"
            raise ValueError(msg)
    if parent is not None:
        admit(session, session.delivery)
    key = None
    if content.closable or content.entered is not None:
        key = session.outputs.next_key()
        content = closed_by_reader(session, key, content)
    fields = content.fields
    forget: Callable[[], object] | None = None
    presses = None
    if content.called is not None:
        forget = registered = Registered(session)
        fields = registered.register(content, None)
        presses = registered.presses
    if content.entered is not None and key is not None:
        forget = register_input(session, content.entered, key)
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
    output = handle(function, session, key, describe, arguments, content)
    if warning is not None:
        output.shown_nowhere(warning)
    return output
