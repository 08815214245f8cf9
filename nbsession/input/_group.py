"""``input_group`` and ``input_update``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from nbsession._core.brief import BRIEF

from ._ask import ask_group
from ._fields.field import Field
from ._form import changing_var


def input_group(
    label: str = "",
    inputs: Sequence[Any] | None = None,
    validate: Callable[[dict[str, Any]], object] | None = None,
    cancelable: bool = False,
) -> Any:
    """Ask the reader several questions in one form.

    Parameters
    ----------
    label : str
        The heading of the form.
    inputs : list
        Calls of `input`, `select` and the others, each with another ``name``.
    validate : callable, optional
        Gets the dictionary of all values when the reader submits the form. Returns None if they are valid, otherwise
        the name of a field and an error message.
    cancelable : bool
        Whether there is a "Cancel" button. It has no effect if the last field is one of `actions`.

    Returns
    -------
    dict or None
        The values by name; None if the reader has cancelled the form.

    Raises
    ------
    TypeError, ValueError
        If an element of ``inputs`` is not a field, if two have the same name, or if ``validate`` returns something
        else.
    Exception
        See `input`.

    Examples
    --------
    >>> from nbsession.input import NUMBER, input, input_group
    >>> person = input_group(  # doctest: +SKIP
    ...     "About you", [input("Name", name="name"), input("Age", name="age", type=NUMBER)]
    ... )

    Notes
    -----
    Corresponds to ``pywebio.input.input_group``.
    """
    __tracebackhide__ = True
    with BRIEF:
        fields = _fields(inputs)
        given: object = validate
        if given is not None and not callable(given):
            msg = (
                f"input_group() expects validate to be a function, not {type(given).__name__}: {given!r:.80}"
            )
            raise TypeError(msg)
        return ask_group("input_group", label, fields, validate, cancelable=bool(cancelable))


def _fields(inputs: object) -> list[Field]:
    if isinstance(inputs, (str, Field)) or not isinstance(inputs, Sequence) or not inputs:
        msg = f"input_group() expects inputs to be a list of fields, not {type(inputs).__name__}: {inputs!r:.80}"
        raise TypeError(msg)
    fields: list[Field] = []
    for each in inputs:
        if not isinstance(each, Field):
            if inspect.iscoroutine(each):
                each.close()
            msg = (
                "input_group() expects its inputs to be fields: give each call of input() and the others a name, for "
                f"example input('Your age', name='age'); one of them is {each!r:.80}"
            )
            raise TypeError(msg)
        if any(each.name == other.name for other in fields):
            msg = f"input_group() expects each field to have another name: two have the name {each.name!r}"
            raise ValueError(msg)
        fields.append(each)
    return fields


def input_update(name: str | None = None, **spec: Any) -> None:
    """Change a field of the form while the reader fills it in. To be called by an ``onchange`` function.

    Parameters
    ----------
    name : str, optional
        The name of the field; by default, that of the field whose ``onchange`` runs.
    **spec
        Parameters of the field's function and their new values. ``type``, ``name``, ``validate``, ``action``, ``code``,
        ``onchange``, ``multiple`` and a few others cannot change. Also ``valid_status``: True or False shows
        ``valid_feedback`` or ``invalid_feedback`` at the field until the reader changes it, and 0 removes that. It does
        not keep the form from being submitted.

    Raises
    ------
    RuntimeError
        If no ``onchange`` function is running.
    TypeError, ValueError
        If there is no such field, or if a parameter cannot change, or not to this value.

    Examples
    --------
    >>> from nbsession.input import input_group, input_update, select
    >>> cities = {"France": ["Paris", "Lyon"], "Italy": ["Rome", "Milan"]}
    >>> place = input_group(  # doctest: +SKIP
    ...     "Place",
    ...     [
    ...         select(
    ...             "Country",
    ...             list(cities),
    ...             name="country",
    ...             onchange=lambda country: input_update("city", options=cities[country]),
    ...         ),
    ...         select("City", cities["France"], name="city"),
    ...     ],
    ... )

    Notes
    -----
    Corresponds to ``pywebio.input.input_update``.
    """
    __tracebackhide__ = True
    with BRIEF:
        changing = changing_var.get()
        if changing is None:
            msg = "input_update() must be called by the onchange function of a field"
            raise RuntimeError(msg)
        changing.form.change("input_update", changing.name if name is None else name, spec)
