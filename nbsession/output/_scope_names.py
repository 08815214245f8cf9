"""``get_scope`` and ``set_scope``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nbsession._core.brief import BRIEF

from ._placement import entered, find, scope_key, showing_session
from ._scopes import put_scope

if TYPE_CHECKING:
    from ._placement import Scope


def get_scope(stack_idx: int = -1) -> str | None:
    """Return the name of a scope that the calling code has entered.

    Parameters
    ----------
    stack_idx : int
        0 is the root, -1 the current scope, -2 the one around it.

    Returns
    -------
    str or None
        The name; None if there are fewer scopes.

    Examples
    --------
    >>> from nbsession.output import get_scope
    >>> get_scope()  # doctest: +SKIP
    'ROOT'

    Notes
    -----
    Corresponds to ``pywebio.output.get_scope``.
    """
    __tracebackhide__ = True
    with BRIEF:
        names = entered(showing_session("get_scope"))
        return names[stack_idx] if -len(names) <= stack_idx < len(names) else None


def set_scope(
    name: str,
    container_scope: Scope = None,
    position: int = -1,
    if_exist: Literal["remove", "clear"] | None = None,
) -> None:
    """Create a scope unless it exists.

    Parameters
    ----------
    name : str
        The scope's name.
    container_scope : str, optional
        The scope in which it is created; by default the current one.
    position : int
        The position there. See `put_text`.
    if_exist : {'remove', 'clear'}, optional
        What happens to a scope of that name: it stays, it is replaced, or it is emptied.

    Raises
    ------
    ValueError
        If ``if_exist`` is unknown.

    Examples
    --------
    >>> from nbsession.output import put_text, set_scope
    >>> set_scope("log", if_exist="clear")  # doctest: +SKIP
    >>> put_text("started", scope="log")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.set_scope``. `put_scope` and `use_scope` are its successors.
    """
    __tracebackhide__ = True
    with BRIEF:
        if if_exist not in (None, "remove", "clear"):
            msg = f"set_scope() expects if_exist to be None, 'remove' or 'clear', not {if_exist!r:.80}"
            raise ValueError(msg)
        session = showing_session("set_scope")
        given: object = name
        key = scope_key(session, given) if isinstance(given, str) else None
        if key is not None and if_exist is None:
            return
        if key is not None and if_exist == "clear":
            session.outputs.clear(key)
            return
        if find("set_scope", container_scope, undone="created in it").parent is not None:
            put_scope(name, scope=container_scope, position=position)
