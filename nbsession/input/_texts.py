"""``input``, ``textarea`` and ``slider``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nbsession._core.brief import BRIEF

from ._ask import ask_one
from ._fields.slider import SliderField
from ._fields.text import TextField
from ._fields.textarea import TextareaField
from ._types import TEXT

Validate = Callable[[Any], object]
OnChange = Callable[[Any], object]
SetValue = Callable[..., None]


def input(  # noqa: A001 -- PyWebIO's name
    label: str = "",
    type: str = TEXT,  # noqa: A002 -- as above
    *,
    validate: Validate | None = None,
    name: str | None = None,
    value: object = None,
    action: tuple[str, Callable[[SetValue], object]] | None = None,
    onchange: OnChange | None = None,
    placeholder: str | None = None,
    required: bool | None = None,
    readonly: bool | None = None,
    datalist: Sequence[str] | None = None,
    help_text: str | None = None,
    **other_html_attrs: object,
) -> Any:
    """Ask the reader for a text, a number, a date or the like.

    Shows a form and waits until the reader submits it: blocks in plain code, and returns a coroutine in a coroutine, as
    ``eval_js`` does (``await input("Your name")``). In a notebook, the form stands below the cell's outputs; in an app,
    in the input panel. Stop removes the form and raises ``KeyboardInterrupt``.

    Parameters
    ----------
    label : str
        The question.
    type : str
        ``TEXT``, ``NUMBER``, ``FLOAT``, ``PASSWORD``, ``URL``, ``EMAIL``, ``DATE``, ``TIME``, ``DATETIME`` or
        ``COLOR``.
    validate : callable, optional
        Gets the value when the reader has completed the field or submits the form. Returns None if the value is valid,
        otherwise an error message. It runs in the calling thread; a coroutine function is awaited. If it raises, the
        traceback is shown, and the value is not valid.
    name : str, optional
        The name of the field in `input_group`. With a name, the call asks nothing, and returns the field for the group.
    value : str or number, optional
        The initial value.
    action : tuple, optional
        A button beside the field: its label, and a function that is called with ``set_value`` when the reader presses
        it. ``set_value(value)`` sets the value; ``set_value(value, label)`` shows the label, which the reader cannot
        change, and lets the answer be ``value``, which may be any object. ``set_value`` can also be called later.
    onchange : callable, optional
        Called with the new value when the reader has changed the field. It may call `input_update`.
    placeholder : str, optional
        Text in the empty field.
    required : bool, optional
        Whether the reader must enter something.
    readonly : bool, optional
        Whether the reader cannot change the value.
    datalist : list of str, optional
        Suggestions.
    help_text : str, optional
        A small text below the field.
    **other_html_attrs
        Attributes of the HTML element, such as ``min``, ``maxlength``, ``pattern`` or ``autocomplete``. Python checks
        ``min``, ``max``, ``step``, ``minlength`` and ``maxlength`` again, but ``pattern`` is checked by the page alone.

    Returns
    -------
    str, int, float or None
        The text; a number for ``NUMBER`` and ``FLOAT``, None if the field is empty; dates and times as text:
        ``YYYY-MM-DD``, ``HH:MM``, ``YYYY-MM-DDTHH:MM``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described. The message names it.
    UnansweredInputError
        If the page is headless, and the field has no valid initial value and no answer in the file that
        ``NBSESSION_INPUTS`` names.
    FrontendNotFoundException
        If no browser attached; see ``eval_js``.
    SessionClosedException
        If the session ended before the reader answered.

    Examples
    --------
    >>> from nbsession.input import NUMBER, input
    >>> def check_age(age):
    ...     if age < 10:
    ...         return "Too young"
    >>> age = input("Your age", type=NUMBER, required=True, validate=check_age)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.input.input``. ``EMAIL`` is an addition.
    """
    __tracebackhide__ = True
    with BRIEF:
        field = TextField(
            "input",
            type=type,
            label=label,
            validate=validate,
            name=name,
            value=value,
            action=action,
            onchange=onchange,
            placeholder=placeholder,
            required=required,
            readonly=readonly,
            datalist=datalist,
            help_text=help_text,
            other_html_attrs=other_html_attrs,
        )
        return field if name is not None else ask_one("input", field)


def textarea(
    label: str = "",
    *,
    rows: int = 6,
    code: bool | Mapping[str, object] | None = None,
    maxlength: int | None = None,
    minlength: int | None = None,
    validate: Validate | None = None,
    name: str | None = None,
    value: str | None = None,
    onchange: OnChange | None = None,
    placeholder: str | None = None,
    required: bool | None = None,
    readonly: bool | None = None,
    help_text: str | None = None,
    **other_html_attrs: object,
) -> Any:
    """Ask the reader for a text of several lines, or for code.

    Parameters
    ----------
    label : str
        The question.
    rows : int
        The number of visible lines.
    code : bool or dict, optional
        Show a code editor: True, or a dictionary of options by CodeMirror's names, such as
        ``{"mode": "python", "theme": "darcula"}``. F11 makes it as large as the page, Escape returns.
    maxlength, minlength : int, optional
        The most and the fewest UTF-16 code units that the reader can enter.
    validate, name, value, onchange, placeholder, required, readonly, help_text, other_html_attrs
        See `input`.

    Returns
    -------
    str
        The text. Lines end with a line feed.

    Raises
    ------
    Exception
        See `input`.

    Examples
    --------
    >>> from nbsession.input import textarea
    >>> source = textarea("Your function", code={"mode": "python"})  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.input.textarea``.
    """
    __tracebackhide__ = True
    with BRIEF:
        field = TextareaField(
            "textarea",
            label=label,
            rows=rows,
            code=code,
            maxlength=maxlength,
            minlength=minlength,
            validate=validate,
            name=name,
            value=value,
            onchange=onchange,
            placeholder=placeholder,
            required=required,
            readonly=readonly,
            help_text=help_text,
            other_html_attrs=other_html_attrs,
        )
        return field if name is not None else ask_one("textarea", field)


def slider(
    label: str = "",
    *,
    name: str | None = None,
    value: float = 0,
    min_value: float = 0,
    max_value: float = 100,
    step: float = 1,
    validate: Validate | None = None,
    onchange: OnChange | None = None,
    required: bool | None = None,
    help_text: str | None = None,
    **other_html_attrs: object,
) -> Any:
    """Ask the reader for a number in a range.

    Parameters
    ----------
    label : str
        The question.
    value, min_value, max_value : int or float
        The initial value, and the range.
    step : int or float
        The distance between two values. It has no effect if one of the other three is a float.
    name, validate, onchange, required, help_text, other_html_attrs
        See `input`.

    Returns
    -------
    int or float
        A float if ``value``, ``min_value`` or ``max_value`` is one.

    Raises
    ------
    Exception
        See `input`.

    Examples
    --------
    >>> from nbsession.input import slider
    >>> volume = slider("Volume", value=50)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.input.slider``.
    """
    __tracebackhide__ = True
    with BRIEF:
        field = SliderField(
            "slider",
            label=label,
            name=name,
            value=value,
            min_value=min_value,
            max_value=max_value,
            step=step,
            validate=validate,
            onchange=onchange,
            required=required,
            help_text=help_text,
            other_html_attrs=other_html_attrs,
        )
        return field if name is not None else ask_one("slider", field)
