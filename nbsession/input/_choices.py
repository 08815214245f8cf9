"""``select``, ``checkbox``, ``radio`` and ``actions``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nbsession._core.brief import BRIEF

from ._ask import ask_one
from ._fields.actions import ActionsField
from ._fields.choice import ChoiceField

Validate = Callable[[Any], object]
OnChange = Callable[[Any], object]


def select(
    label: str = "",
    options: Sequence[Any] | None = None,
    *,
    multiple: bool | None = None,
    validate: Validate | None = None,
    name: str | None = None,
    value: object = None,
    onchange: OnChange | None = None,
    native: bool = True,
    required: bool | None = None,
    help_text: str | None = None,
    **other_html_attrs: object,
) -> Any:
    """Ask the reader to choose from a drop-down list.

    Parameters
    ----------
    label : str
        The question.
    options : list
        The options: ``dict(label=..., value=..., selected=..., disabled=...)``, ``(label, value)``, possibly followed
        by ``selected`` and ``disabled``, or a value that is also the label. Values stay in Python and may be any
        object.
    multiple : bool, optional
        Whether the reader can choose several options.
    value : object, optional
        The value of the option that is selected at first; with ``multiple``, a list of values.
    native : bool
        Accepted as in PyWebIO. There is one kind of list.
    required : bool, optional
        Whether the reader must choose something.
    validate, name, onchange, help_text, other_html_attrs
        See `input`.

    Returns
    -------
    object
        The value of the chosen option; with ``multiple``, a list of values.

    Raises
    ------
    Exception
        See `input`.

    Examples
    --------
    >>> from nbsession.input import select
    >>> city = select("City", [("Berlin", "BER"), ("Paris", "PAR")])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.input.select``.
    """
    __tracebackhide__ = True
    with BRIEF:
        field = ChoiceField(
            "select",
            type="select",
            label=label,
            options=options,
            multiple=multiple,
            validate=validate,
            name=name,
            value=value,
            onchange=onchange,
            native=native,
            required=required,
            help_text=help_text,
            other_html_attrs=other_html_attrs,
        )
        return field if name is not None else ask_one("select", field)


def checkbox(
    label: str = "",
    options: Sequence[Any] | None = None,
    *,
    inline: bool | None = None,
    validate: Validate | None = None,
    name: str | None = None,
    value: Sequence[Any] | None = None,
    onchange: OnChange | None = None,
    help_text: str | None = None,
    **other_html_attrs: object,
) -> Any:
    """Ask the reader to choose any number of options.

    Parameters
    ----------
    label : str
        The question.
    options : list
        The options; see `select`.
    inline : bool, optional
        Whether the options stand beside one another.
    value : list, optional
        The values of the options that are selected at first.
    validate, name, onchange, help_text, other_html_attrs
        See `input`.

    Returns
    -------
    list
        The values of the chosen options, in their order.

    Raises
    ------
    Exception
        See `input`.

    Examples
    --------
    >>> from nbsession.input import checkbox
    >>> toppings = checkbox("Toppings", ["cheese", "olives"], value=["cheese"])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.input.checkbox``.
    """
    __tracebackhide__ = True
    with BRIEF:
        field = ChoiceField(
            "checkbox",
            type="checkbox",
            label=label,
            options=options,
            inline=inline,
            validate=validate,
            name=name,
            value=value,
            onchange=onchange,
            help_text=help_text,
            other_html_attrs=other_html_attrs,
        )
        return field if name is not None else ask_one("checkbox", field)


def radio(
    label: str = "",
    options: Sequence[Any] | None = None,
    *,
    inline: bool | None = None,
    validate: Validate | None = None,
    name: str | None = None,
    value: object = None,
    onchange: OnChange | None = None,
    required: bool | None = None,
    help_text: str | None = None,
    **other_html_attrs: object,
) -> Any:
    """Ask the reader to choose one option.

    Parameters
    ----------
    label : str
        The question.
    options : list
        The options; see `select`.
    inline : bool, optional
        Whether the options stand beside one another.
    value : object, optional
        The value of the option that is selected at first.
    required : bool, optional
        Whether the reader must choose something.
    validate, name, onchange, help_text, other_html_attrs
        See `input`.

    Returns
    -------
    object
        The value of the chosen option; None if none is chosen.

    Raises
    ------
    Exception
        See `input`.

    Examples
    --------
    >>> from nbsession.input import radio
    >>> size = radio("Size", ["S", "M", "L"], value="M", inline=True)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.input.radio``.
    """
    __tracebackhide__ = True
    with BRIEF:
        field = ChoiceField(
            "radio",
            type="radio",
            label=label,
            options=options,
            inline=inline,
            validate=validate,
            name=name,
            value=value,
            onchange=onchange,
            required=required,
            help_text=help_text,
            other_html_attrs=other_html_attrs,
        )
        return field if name is not None else ask_one("radio", field)


def actions(
    label: str = "",
    buttons: Sequence[Any] | None = None,
    name: str | None = None,
    help_text: str | None = None,
) -> Any:
    """Ask the reader to press a button.

    Parameters
    ----------
    label : str
        The question.
    buttons : list
        The buttons: ``dict(label=..., value=..., type=..., disabled=..., color=...)``, ``(label, value)``, possibly
        followed by ``type`` and ``disabled``, or a value that is also the label. Values stay in Python and may be any
        object. Types are ``'submit'`` (submits the form), ``'cancel'`` (the form's value is None) and ``'reset'``
        (restores the initial values). Colours are those of ``put_buttons``.
    name, help_text
        See `input`. As the last field of a group, buttons of type ``'submit'`` take the place of "Submit".

    Returns
    -------
    object
        The value of the button; None if the form was cancelled, or submitted in another way.

    Raises
    ------
    Exception
        See `input`.

    Examples
    --------
    >>> from nbsession.input import actions
    >>> if actions("Delete the file?", ["Delete", "Keep"]) == "Delete":  # doctest: +SKIP
    ...     print("deleted")

    Notes
    -----
    Corresponds to ``pywebio.input.actions``.
    """
    __tracebackhide__ = True
    with BRIEF:
        field = ActionsField("actions", label=label, buttons=buttons, name=name, help_text=help_text)
        return field if name is not None else ask_one("actions", field)
