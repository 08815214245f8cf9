"""``pin_wait_change``, ``pin_on_change``, ``pin_update`` and ``get_pin_values``."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nbsession._core.brief import BRIEF
from nbsession._core.current import current_session
from nbsession._core.reader_events import ReaderEvents
from nbsession.exceptions import JSTimeoutError, UnansweredInputError
from nbsession.input._way import Awaiting, Blocking, block
from nbsession.output._calling import calling

from ._pins import checked
from ._reading import awaited_values, awaits, read_several
from ._registry import registry_of

if TYPE_CHECKING:
    from nbsession._core.session import Session
    from nbsession.input._way import Way


def pin_wait_change(*names: Any, timeout: float | None = None) -> Any:
    """Wait until the reader changes a pin.

    Blocks in plain code. In a coroutine, it returns a coroutine.

    Parameters
    ----------
    *names : str
        The names of the pins, or one list of names.
    timeout : float, optional
        The most seconds to wait.

    Returns
    -------
    dict or None
        ``{"name": ..., "value": ...}`` of the changed pin; None after ``timeout``.

    Raises
    ------
    TypeError, ValueError
        If there is no name, or one that is not the name of a pin.
    UnansweredInputError
        If there is no ``timeout``, and the page is headless.
    SessionClosedException
        If the session ended meanwhile.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> from nbsession.pin import pin_wait_change, put_input
    >>> put_input("a", type="number", value=0)  # doctest: +SKIP
    >>> changed = pin_wait_change("a")  # doctest: +SKIP
    >>> put_text(changed["value"])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.pin_wait_change``. Changes by the program do not count.
    """
    __tracebackhide__ = True
    with BRIEF:
        listed = names[0] if len(names) == 1 and isinstance(names[0], (list, tuple)) else names
        if not listed:
            msg = "pin_wait_change() expects the names of pins"
            raise TypeError(msg)
        wanted = [checked("pin_wait_change", name) for name in listed]
        session = current_session()
        if awaits(session, sys._getframe(1)):
            return _changed(session, wanted, timeout, Awaiting())
        return block(_changed(session, wanted, timeout, Blocking(session)))


async def _changed(
    session: Session, names: list[str], timeout: float | None, way: Way
) -> dict[str, Any] | None:
    events = ReaderEvents(session)
    if timeout is None and session.unattended:
        msg = (
            f"pin_wait_change({', '.join(map(repr, names))}) would wait forever: nobody can change a pin on a headless "
            "page. Use timeout="
        )
        raise UnansweredInputError(msg)
    registry = registry_of(session)
    registry.wait(events, names)
    try:
        name, read = await way.next(events, timeout)
    except JSTimeoutError:
        return None
    finally:
        registry.stop_waiting(events)
    return {"name": name, "value": read()}


def pin_on_change(
    name: str | list[str] | tuple[str, ...],
    onchange: Callable[[Any], object] | None = None,
    clear: bool = False,
    init_run: bool = False,
    *,
    serial_mode: bool = True,
    mutex_mode: bool = False,  # noqa: ARG001 -- as PyWebIO
) -> None:
    """Call a function whenever the reader changes a pin.

    Parameters
    ----------
    name : str, or list of str
        The name of the pin, or the names of several. The function is also called for later pins with this name.
    onchange : callable, optional
        Called with the new value, after the functions that were given before. Coroutine functions are awaited.
    clear : bool
        Whether to remove these functions first.
    init_run : bool
        Whether to call the function once now, with the present value, before this function returns. A coroutine
        function is called as at a change.
    serial_mode : bool
        See ``put_buttons``.
    mutex_mode : bool
        Accepted as in PyWebIO. It has no effect.

    Raises
    ------
    TypeError, ValueError
        If ``name`` is not the name of a pin, or if ``onchange`` is not a function, and ``clear`` is False.

    Examples
    --------
    >>> from nbsession.output import put_text
    >>> from nbsession.pin import pin_on_change, put_slider
    >>> put_slider("volume")  # doctest: +SKIP
    >>> pin_on_change("volume", onchange=put_text)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.pin_on_change``.
    """
    __tracebackhide__ = True
    with BRIEF:
        given: object = onchange
        if given is None and not clear:
            msg = "pin_on_change() expects onchange to be a function, or clear=True"
            raise TypeError(msg)
        if given is not None and not callable(given):
            msg = f"pin_on_change() expects onchange to be a function, not {type(given).__name__}: {given!r:.80}"
            raise TypeError(msg)
        names = name if isinstance(name, (list, tuple)) else [name]
        for each in names:
            checked("pin_on_change", each)
        for each in names:
            _on_change(each, onchange, clear=clear, init_run=init_run, serial_mode=serial_mode)


def _on_change(
    name: str,
    onchange: Callable[[Any], object] | None,
    *,
    clear: bool,
    init_run: bool,
    serial_mode: bool,
) -> None:
    session = current_session()
    registry = registry_of(session)
    if clear:
        registry.forget_callbacks(name)
    if onchange is None:
        return
    # Called by the pin: what a page sends to this number is no function.
    number = session.callbacks.add(
        calling(session, lambda read: onchange(read())), serial=bool(serial_mode), admit=callable
    )
    registry.call_back(name, session, number)
    if init_run:
        _run_now(session, number, name, onchange)


def _run_now(session: Session, number: int, name: str, onchange: Callable[[Any], object]) -> None:
    """Call the function with the present value: here, or if it has to be awaited, as the callback that it is."""
    found = registry_of(session).find(name)
    if inspect.iscoroutinefunction(onchange):
        session.callbacks.call(number, lambda: None if found is None else found.value)
    else:
        onchange(None if found is None else found.value)


def pin_update(name: str, **spec: Any) -> None:
    """Change a pin.

    Parameters
    ----------
    name : str
        The name of the pin.
    **spec
        Parameters of the function that has shown it, and their new values. ``type``, ``name``, ``code``, ``multiple``
        and a few others cannot change.

    Raises
    ------
    TypeError, ValueError
        If a parameter cannot change, or not to this value.

    Examples
    --------
    >>> from nbsession.pin import pin_update, put_select
    >>> put_select("city", ["Paris"])  # doctest: +SKIP
    >>> pin_update("city", options=["Rome", "Milan"], value="Milan")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.pin_update``. Has no effect if there is no such pin.
    """
    __tracebackhide__ = True
    with BRIEF:
        found = registry_of(current_session()).find(checked("pin_update", name))
        if found is not None:
            found.change(spec)


def get_pin_values(names: str | Sequence[str] | None = None, *more: str) -> Any:
    """Return the values of several pins, in one step.

    Parameters
    ----------
    names : list of str, or str, optional
        The names; by default those of all pins.
    *more : str
        Further names.

    Returns
    -------
    dict
        The values by name; a name without a pin is not among them. In a coroutine, a coroutine that returns it.

    Examples
    --------
    >>> from nbsession.pin import get_pin_values, put_input
    >>> put_input("a"), put_input("b")  # doctest: +SKIP
    >>> get_pin_values(["a", "b"])  # doctest: +SKIP
    {'a': '', 'b': ''}

    Notes
    -----
    Corresponds to ``pywebio.pin.get_pin_values``, which takes a list.
    """
    __tracebackhide__ = True
    with BRIEF:
        session = current_session()
        registry = registry_of(session)
        if names is None and not more:
            wanted = registry.names()
        else:
            given = [] if names is None else [names] if isinstance(names, str) else names
            wanted = [checked("get_pin_values", name) for name in (*given, *more)]
        shown = [name for name in wanted if registry.find(name) is not None]
        if awaits(session, sys._getframe(1)):
            return awaited_values(session, shown, strict=False)
        return read_several(session, shown)
