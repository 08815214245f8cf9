"""``put_input``, ``put_textarea`` and ``put_slider``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nbsession.input._fields.slider import SliderField
from nbsession.input._fields.text import TextField
from nbsession.input._fields.textarea import TextareaField
from nbsession.output._content import Content
from nbsession.output._output import Output
from nbsession.output._shown import show

from ._pin import Pin
from ._pins import checked

if TYPE_CHECKING:
    from nbsession.output._placement import Scope


def put_input(
    name: str,
    type: str = "text",  # noqa: A002 -- PyWebIO's name
    *,
    label: str = "",
    value: object = None,
    placeholder: str | None = None,
    readonly: bool | None = None,
    datalist: Sequence[str] | None = None,
    help_text: str | None = None,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show an input for a text, a number, a date or the like, which keeps its value.

    The code goes on at once. ``pin.NAME`` is the value.

    Parameters
    ----------
    name : str
        Its name in `pin`. An earlier pin with this name can no longer be changed by the reader.
    type, label, value, placeholder, readonly, datalist, help_text
        See ``nbsession.input.input``.
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
    >>> from nbsession.pin import pin, put_input
    >>> put_input("city", label="City")  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.put_input``.
    """
    __tracebackhide__ = True
    return show(
        "put_input",
        scope,
        position,
        _input,
        into=Pin(checked("put_input", name)),
        type=type,
        label=label,
        value=value,
        placeholder=placeholder,
        readonly=readonly,
        datalist=datalist,
        help_text=help_text,
    )


def _input(
    into: Pin,
    *,
    type: str = "text",  # noqa: A002 -- as above
    label: str = "",
    value: object = None,
    placeholder: str | None = None,
    readonly: bool | None = None,
    datalist: Sequence[str] | None = None,
    help_text: str | None = None,
) -> Content:
    return into.content(
        TextField(
            "put_input",
            name=into.name,
            type=type,
            label=label,
            value=value,
            placeholder=placeholder,
            readonly=readonly,
            datalist=datalist,
            help_text=help_text,
        )
    )


def put_textarea(
    name: str,
    *,
    label: str = "",
    rows: int = 6,
    code: bool | Mapping[str, object] | None = None,
    maxlength: int | None = None,
    minlength: int | None = None,
    value: str | None = None,
    placeholder: str | None = None,
    readonly: bool | None = None,
    help_text: str | None = None,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show an input for a text of several lines, or code, which keeps its value.

    The code goes on at once. ``pin.NAME`` is the value.

    Parameters
    ----------
    name : str
        Its name in `pin`. An earlier pin with this name can no longer be changed by the reader.
    label, rows, code, maxlength, minlength, value, placeholder, readonly, help_text
        See ``nbsession.input.textarea``.
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
    >>> from nbsession.pin import pin, put_textarea
    >>> put_textarea("source", code={"mode": "python"})  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.put_textarea``.
    """
    __tracebackhide__ = True
    return show(
        "put_textarea",
        scope,
        position,
        _textarea,
        into=Pin(checked("put_textarea", name)),
        label=label,
        rows=rows,
        code=code,
        maxlength=maxlength,
        minlength=minlength,
        value=value,
        placeholder=placeholder,
        readonly=readonly,
        help_text=help_text,
    )


def _textarea(
    into: Pin,
    *,
    label: str = "",
    rows: int = 6,
    code: bool | Mapping[str, object] | None = None,
    maxlength: int | None = None,
    minlength: int | None = None,
    value: str | None = None,
    placeholder: str | None = None,
    readonly: bool | None = None,
    help_text: str | None = None,
) -> Content:
    return into.content(
        TextareaField(
            "put_textarea",
            name=into.name,
            label=label,
            rows=rows,
            code=code,
            maxlength=maxlength,
            minlength=minlength,
            value=value,
            placeholder=placeholder,
            readonly=readonly,
            help_text=help_text,
        )
    )


def put_slider(
    name: str,
    *,
    label: str = "",
    value: float = 0,
    min_value: float = 0,
    max_value: float = 100,
    step: float = 1,
    required: bool | None = None,
    help_text: str | None = None,
    scope: Scope = None,
    position: int = -1,
) -> Output:
    """Show an input for a number in a range, which keeps its value.

    The code goes on at once. ``pin.NAME`` is the value.

    Parameters
    ----------
    name : str
        Its name in `pin`. An earlier pin with this name can no longer be changed by the reader.
    label, value, min_value, max_value, step, required, help_text
        See ``nbsession.input.slider``.
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
    >>> from nbsession.pin import pin, put_slider
    >>> put_slider("volume", value=50)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.put_slider``.
    """
    __tracebackhide__ = True
    return show(
        "put_slider",
        scope,
        position,
        _slider,
        into=Pin(checked("put_slider", name)),
        label=label,
        value=value,
        min_value=min_value,
        max_value=max_value,
        step=step,
        required=required,
        help_text=help_text,
    )


def _slider(
    into: Pin,
    *,
    label: str = "",
    value: float = 0,
    min_value: float = 0,
    max_value: float = 100,
    step: float = 1,
    required: bool | None = None,
    help_text: str | None = None,
) -> Content:
    return into.content(
        SliderField(
            "put_slider",
            name=into.name,
            label=label,
            value=value,
            min_value=min_value,
            max_value=max_value,
            step=step,
            required=required,
            help_text=help_text,
        )
    )
