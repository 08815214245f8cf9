"""``put_select``, ``put_checkbox``, ``put_radio`` and ``put_actions``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nbsession.input._fields.actions import ActionsField
from nbsession.input._fields.choice import ChoiceField
from nbsession.output._content import Content
from nbsession.output._output import Output
from nbsession.output._shown import show

from ._pin import Pin
from ._pins import checked

if TYPE_CHECKING:
    from nbsession.output._placement import Scope


def put_select(
    name: str,
    options: Sequence[Any] | None = None,
    *,
    label: str = "",
    multiple: bool | None = None,
    value: object = None,
    native: bool | None = None,
    help_text: str | None = None,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show an input for one or several options of a drop-down list, which keeps its value.

    The code goes on at once. ``pin.NAME`` is the value.

    Parameters
    ----------
    name : str
        Its name in `pin`. An earlier pin with this name can no longer be changed by the reader.
    options, label, multiple, value, native, help_text
        See ``nbsession.input.select``.
    scope, position
        See ``put_text``.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described. The message names it.

    Examples
    --------
    >>> from nbsession.pin import pin, put_select
    >>> put_select("size", ["S", "M", "L"])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.put_select``.
    """
    __tracebackhide__ = True
    return show(
        "put_select",
        scope,
        position,
        _select,
        into=Pin(checked("put_select", name)),
        options=options,
        label=label,
        multiple=multiple,
        value=value,
        native=native,
        help_text=help_text,
    )


def _select(
    into: Pin,
    *,
    options: Sequence[Any] | None = None,
    label: str = "",
    multiple: bool | None = None,
    value: object = None,
    native: bool | None = None,
    help_text: str | None = None,
) -> Content:
    return into.content(
        ChoiceField(
            "put_select",
            name=into.name,
            type="select",
            options=options,
            label=label,
            multiple=multiple,
            value=value,
            native=native,
            help_text=help_text,
        )
    )


def put_checkbox(
    name: str,
    options: Sequence[Any] | None = None,
    *,
    label: str = "",
    inline: bool | None = None,
    value: Sequence[Any] | None = None,
    help_text: str | None = None,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show an input for any number of options, which keeps its value.

    The code goes on at once. ``pin.NAME`` is the value.

    Parameters
    ----------
    name : str
        Its name in `pin`. An earlier pin with this name can no longer be changed by the reader.
    options, label, inline, value, help_text
        See ``nbsession.input.checkbox``.
    scope, position
        See ``put_text``.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described. The message names it.

    Examples
    --------
    >>> from nbsession.pin import pin, put_checkbox
    >>> put_checkbox("toppings", ["cheese", "olives"])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.put_checkbox``.
    """
    __tracebackhide__ = True
    return show(
        "put_checkbox",
        scope,
        position,
        _checkbox,
        into=Pin(checked("put_checkbox", name)),
        options=options,
        label=label,
        inline=inline,
        value=value,
        help_text=help_text,
    )


def _checkbox(
    into: Pin,
    *,
    options: Sequence[Any] | None = None,
    label: str = "",
    inline: bool | None = None,
    value: Sequence[Any] | None = None,
    help_text: str | None = None,
) -> Content:
    return into.content(
        ChoiceField(
            "put_checkbox",
            name=into.name,
            type="checkbox",
            options=options,
            label=label,
            inline=inline,
            value=value,
            help_text=help_text,
        )
    )


def put_radio(
    name: str,
    options: Sequence[Any] | None = None,
    *,
    label: str = "",
    inline: bool | None = None,
    value: object = None,
    help_text: str | None = None,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show an input for one option, which keeps its value.

    The code goes on at once. ``pin.NAME`` is the value.

    Parameters
    ----------
    name : str
        Its name in `pin`. An earlier pin with this name can no longer be changed by the reader.
    options, label, inline, value, help_text
        See ``nbsession.input.radio``.
    scope, position
        See ``put_text``.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described. The message names it.

    Examples
    --------
    >>> from nbsession.pin import pin, put_radio
    >>> put_radio("size", ["S", "M", "L"], value="M")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.put_radio``.
    """
    __tracebackhide__ = True
    return show(
        "put_radio",
        scope,
        position,
        _radio,
        into=Pin(checked("put_radio", name)),
        options=options,
        label=label,
        inline=inline,
        value=value,
        help_text=help_text,
    )


def _radio(
    into: Pin,
    *,
    options: Sequence[Any] | None = None,
    label: str = "",
    inline: bool | None = None,
    value: object = None,
    help_text: str | None = None,
) -> Content:
    return into.content(
        ChoiceField(
            "put_radio",
            name=into.name,
            type="radio",
            options=options,
            label=label,
            inline=inline,
            value=value,
            help_text=help_text,
        )
    )


def put_actions(
    name: str,
    *,
    label: str = "",
    buttons: Sequence[Any] | None = None,
    help_text: str | None = None,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show an input for a button, which keeps its value.

    The code goes on at once. ``pin.NAME`` is the value.

    The value is that of the button that was pressed last, None before. Buttons of the types ``'cancel'`` and
    ``'reset'`` are not possible.

    Parameters
    ----------
    name : str
        Its name in `pin`. An earlier pin with this name can no longer be changed by the reader.
    label, buttons, help_text
        See ``nbsession.input.actions``.
    scope, position
        See ``put_text``.

    Returns
    -------
    Output
        A handle to update and remove it.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described. The message names it.

    Examples
    --------
    >>> from nbsession.pin import pin, put_actions
    >>> put_actions("next", buttons=["Yes", "No"])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.put_actions``.
    """
    __tracebackhide__ = True
    return show(
        "put_actions",
        scope,
        position,
        _actions,
        into=Pin(checked("put_actions", name)),
        label=label,
        buttons=buttons,
        help_text=help_text,
    )


def _actions(
    into: Pin,
    *,
    label: str = "",
    buttons: Sequence[Any] | None = None,
    help_text: str | None = None,
) -> Content:
    return into.content(
        ActionsField(
            "put_actions",
            name=into.name,
            submit_only=True,
            label=label,
            buttons=buttons,
            help_text=help_text,
        )
    )
