"""Scopes: named places for outputs."""

from __future__ import annotations

import asyncio
import functools
import inspect
import itertools
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from nbsession._core.brief import BRIEF
from nbsession._core.tree import ROOT

from ._content import Content
from ._output import Output
from ._placement import (
    ROOT_NAME,
    Place,
    entered,
    find,
    scope_key,
    scope_name,
    showing_session,
    within,
)
from ._shown import show_at

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from ._placement import Scope

F = TypeVar("F", bound="Callable[..., Any]")

_unnamed = itertools.count(1)


def put_scope(
    name: str, content: Output | Sequence[Output] = (), scope: Scope = None, position: int = -1
) -> Output:
    """Create a scope. It replaces an existing scope of the same name.

    Parameters
    ----------
    name : str
        The name; ``'ROOT'`` is the name of the initial scope. An existing scope of that name is removed with its
        content, wherever it is.
    content : Output or list of Output
        The initial content.
    scope, position
        See `put_text`.

    Returns
    -------
    Output
        ``remove()`` removes the scope with its content; ``update(content)`` replaces the content.

    Raises
    ------
    ValueError
        If the scope would be inside the scope that it replaces.

    Examples
    --------
    >>> from nbsession.output import put_scope, put_text
    >>> put_scope("log", put_text("ready"))  # doctest: +SKIP
    >>> put_text("started", scope="log")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_scope``, which keeps both scopes; outputs go to the first one on the page.
    """
    __tracebackhide__ = True
    with BRIEF:
        place = find("put_scope", scope, position)
        _check_name("put_scope", name)
        outputs = place.session.outputs
        former = scope_key(place.session, name)
        if former is not None and place.parent is not None and outputs.holds(former, place.parent):
            msg = f"put_scope(): scope {name!r} cannot be inside itself; use_scope({name!r}, clear=True) empties it"
            raise ValueError(msg)
        return show_at("put_scope", place, _describe, content, called=name, known_as=name, others="go")


def _describe(content: Output | Sequence[Output] = (), *, called: str) -> Content:
    nested = [content] if isinstance(content, Output) else list(content)
    for each in nested:
        given: object = each
        if not isinstance(given, Output):
            msg = f"put_scope() expects content to be the return value of put_... functions, not {type(given).__name__}"
            raise TypeError(msg)
    return Content("scope", {"name": called}, nested)


class _UsedScope:
    """The return value of ``use_scope``: a context manager and decorator."""

    def __init__(
        self, name: str | None, *, clear: bool, create: bool, container: Scope, position: int
    ) -> None:
        self._name = name
        self._clear = clear
        self._create = create
        self._container = container
        self._position = position
        self._inside: list[AbstractContextManager[None]] = []

    def __enter__(self) -> str:
        __tracebackhide__ = True
        with BRIEF:
            session = showing_session("use_scope")
            name = f"scope-{next(_unnamed)}" if self._name is None else self._name
            key = scope_key(session, name)
            if key is not None:
                if self._clear:
                    session.outputs.clear(key)
            elif self._create:
                show_at("use_scope", self._place(name), _describe, called=name, known_as=name, others="win")
            inside = within(session, (*entered(session), name))
            inside.__enter__()
            self._inside.append(inside)
            return name

    def _place(self, name: str) -> Place:
        """Return the place where the scope is created."""
        place = find("use_scope", self._container, self._position, stacklevel=4)
        if self._container is not None:
            return place
        # A thread that shows output in it while others rebuild the page has not entered its parent.
        return place._replace(parent=place.parent or place.session.outputs.home(name) or ROOT)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._inside.pop().__exit__(kind, error, traceback)

    def __call__(self, function: F) -> F:
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def run_coroutine(*args: Any, **kwargs: Any) -> object:
                with self._again():
                    return await function(*args, **kwargs)

            return run_coroutine  # type: ignore[return-value]

        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> object:
            with self._again():
                result = function(*args, **kwargs)
            # For example of a decorated async def: its outputs go to the scope, too.
            return awaited(result) if asyncio.iscoroutine(result) else result

        async def awaited(coroutine: Coroutine[Any, Any, object]) -> object:
            with self._again(clear=False):
                return await coroutine

        return run  # type: ignore[return-value]

    def _again(self, *, clear: bool | None = None) -> _UsedScope:
        """Return another one, for a call of the decorated function."""
        return _UsedScope(
            self._name,
            clear=self._clear if clear is None else clear,
            create=self._create,
            container=self._container,
            position=self._position,
        )


def use_scope(
    name: str | None = None,
    clear: bool = False,
    *,
    create_scope: bool = True,
    container_scope: Scope = None,
    position: int = -1,
) -> _UsedScope:
    """Enter a scope, and create it if it does not exist: outputs of the body go there.

    A new scope is created in the current scope. There is one exception, outside of all scopes: if the scope was removed
    together with its parent, for example by ``clear``, it is created in that parent again, if the parent still exists.

    Parameters
    ----------
    name : str, optional
        The scope's name; by default, a new scope is created.
    clear : bool
        Remove the scope's content first.
    create_scope : bool
        Whether to create a scope that does not exist. Otherwise, outputs go to the current scope.
    container_scope, position
        Where it is created: see `set_scope`.

    Returns
    -------
    context manager and decorator
        ``with use_scope('a') as name:``, or ``@use_scope('a', clear=True)`` before a function, plain or ``async def``.

    Examples
    --------
    >>> from nbsession.output import put_text, use_scope
    >>> with use_scope("time", clear=True):  # doctest: +SKIP
    ...     put_text("12:00")

    Notes
    -----
    Corresponds to ``pywebio.output.use_scope``. Callbacks of buttons run inside the scope of the buttons.
    """
    __tracebackhide__ = True
    with BRIEF:
        given: object = name
        if callable(given):
            msg = 'use_scope() expects the name of a scope, not a function: write @use_scope("name") above it'
            raise TypeError(msg)
        if name is not None:
            _check_name("use_scope", name, root=True)
        return _UsedScope(
            name, clear=clear, create=create_scope, container=container_scope, position=position
        )


def clear(scope: Scope = None) -> None:
    """Remove the content of a scope.

    Parameters
    ----------
    scope : str, optional
        The scope's name; by default the current scope, which is ``'ROOT'`` outside of all others.

    Examples
    --------
    >>> from nbsession.output import clear
    >>> clear("log")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.clear``. Errors, notices and downloads in the root scope remain.
    """
    __tracebackhide__ = True
    with BRIEF:
        place = find("clear", scope, undone="cleared")
        if place.parent is not None:
            place.session.outputs.clear(place.parent)


def remove(scope: Scope = None) -> None:
    """Remove a scope with its content.

    Parameters
    ----------
    scope : str, optional
        The scope's name; by default the current scope.

    Raises
    ------
    ValueError
        If it is the root, which cannot be removed.

    Examples
    --------
    >>> from nbsession.output import remove
    >>> remove("log")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.remove``.
    """
    __tracebackhide__ = True
    with BRIEF:
        session = showing_session("remove")
        name = scope_name("remove", session, scope)
        if name == ROOT_NAME:
            msg = "remove() expects the name of a scope other than 'ROOT'; clear('ROOT') removes its content"
            raise ValueError(msg)
        place = find("remove", name, undone="removed")
        if place.parent is not None:
            session.outputs.remove(place.parent)


def scroll_to(scope: Scope = None, position: Literal["top", "middle", "bottom"] = "top") -> None:
    """Scroll the page to a scope.

    Parameters
    ----------
    scope : str, optional
        The scope's name; by default the current scope.
    position : {'top', 'middle', 'bottom'}
        The scope's place in the visible part of the page.

    Examples
    --------
    >>> from nbsession.output import scroll_to
    >>> scroll_to("log", "bottom")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.scroll_to``.
    """
    __tracebackhide__ = True
    with BRIEF:
        if position not in ("top", "middle", "bottom"):
            msg = f"scroll_to() expects position to be 'top', 'middle' or 'bottom', not {position!r}"
            raise ValueError(msg)
        place = find("scroll_to", scope, undone="scrolled to")
        if place.parent is not None:
            place.session.outputs.scroll_to(place.parent, position)


def _check_name(function: str, name: object, *, root: bool = False) -> None:
    if not isinstance(name, str):
        msg = f"{function}() expects the scope's name to be a str, not {type(name).__name__}: {name!r:.80}"
        raise TypeError(msg)
    if not name or (name == ROOT_NAME and not root):
        msg = f"{function}() expects a name for the scope, not {name!r}"
        raise ValueError(msg)
