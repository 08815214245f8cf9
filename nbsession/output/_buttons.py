"""``put_button`` and ``put_buttons``."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._content import Content
from ._output import Output
from ._shown import show

if TYPE_CHECKING:
    from ._placement import Scope

COLORS = ("primary", "secondary", "success", "danger", "warning", "info", "light", "dark")

_KEYS = ("label", "value", "color", "disabled")

OnClick = Callable[..., object]


def put_buttons(
    buttons: Iterable[Any],
    onclick: OnClick | Sequence[OnClick | None],
    small: bool | None = None,
    link_style: bool = False,
    outline: bool = False,
    group: bool = False,
    scope: Scope = None,
    position: int = -1,
    *,
    serial_mode: bool = True,
    mutex_mode: bool = False,  # noqa: ARG001 -- as PyWebIO
    repeat: bool = False,
) -> Output:
    """Show buttons that call functions.

    Parameters
    ----------
    buttons : list
        The buttons: ``dict(label=..., value=..., color=..., disabled=...)``, ``(label, value)``, or a value that is
        also the label. Values stay in Python and may be any object. Colours are ``'primary'``, ``'secondary'``,
        ``'success'``, ``'danger'``, ``'warning'``, ``'info'``, ``'light'``, ``'dark'``.
    onclick : callable, or list of callables
        Called with the clicked button's value. Or a list with one function without arguments for each button (None for
        no function). Coroutine functions are awaited. The function's output goes to the scope of the buttons.
    small, link_style, outline : bool
        Make the buttons small, make them look like links, draw them without a filling.
    group : bool
        Show them as one group.
    scope, position
        See `put_text`.
    serial_mode : bool
        Call the functions one after the other, in the order of the clicks, on the session's callback thread. With
        ``False``, each call runs in a new thread, concurrently. In a coroutine app, both run on its loop.
    mutex_mode : bool
        Accepted as in PyWebIO. It has no effect: unless ``repeat``, a busy button ignores presses.
    repeat : bool
        Whether a button can be pressed again while its function waits or runs. By default, a busy button ignores
        presses; it shows that it is busy in either case.

    Returns
    -------
    Output
        A handle to update and remove them.

    Raises
    ------
    TypeError, ValueError
        If the buttons or the functions do not have this form.

    Examples
    --------
    >>> from nbsession import local
    >>> from nbsession.output import put_buttons, put_text
    >>> def add():
    ...     local.count = (local.count or 0) + 1
    >>> def show():
    ...     put_text(local.count or 0)
    >>> put_buttons(["Add counter", "Show counter"], [add, show])  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_buttons``, where the default of ``serial_mode`` is False. ``repeat`` is an
    addition: in PyWebIO, further presses of a busy button always call the function again.
    """
    return show(
        "put_buttons",
        scope,
        position,
        _buttons,
        buttons,
        onclick,
        small=small,
        link_style=link_style,
        outline=outline,
        group=group,
        serial_mode=serial_mode,
        repeat=repeat,
    )


def put_button(
    label: str,
    onclick: OnClick,
    color: str | None = None,
    small: bool | None = None,
    link_style: bool = False,
    outline: bool = False,
    disabled: bool = False,
    scope: Scope = None,
    position: int = -1,
    *,
    serial_mode: bool = True,
    repeat: bool = False,
) -> Output:
    """Show a button that calls a function.

    Parameters
    ----------
    label : str
        The button's text.
    onclick : callable
        Called without arguments.
    color : str, optional
        See `put_buttons`.
    small, link_style, outline : bool
        See `put_buttons`.
    disabled : bool
        Whether the button is disabled.
    scope, position
        See `put_text`.
    serial_mode, repeat : bool
        See `put_buttons`.

    Returns
    -------
    Output
        A handle to update and remove it.

    Examples
    --------
    >>> from nbsession import download
    >>> from nbsession.output import put_button
    >>> put_button("Save", lambda: download("hello.txt", b"hello"))  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.output.put_button``.
    """
    return show(
        "put_button",
        scope,
        position,
        _button,
        label,
        onclick,
        color=color,
        small=small,
        link_style=link_style,
        outline=outline,
        disabled=disabled,
        serial_mode=serial_mode,
        repeat=repeat,
    )


def _button(
    label: str,
    onclick: OnClick,
    *,
    color: str | None = None,
    disabled: bool = False,
    small: bool | None = None,
    link_style: bool = False,
    outline: bool = False,
    serial_mode: bool = True,
    repeat: bool = False,
) -> Content:
    given: object = onclick
    if not callable(given):
        msg = f"put_button() expects onclick to be a function, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    button = {"label": label, "value": None, "disabled": disabled, **({"color": color} if color else {})}
    return _buttons(
        [button],
        [onclick],
        small=small,
        link_style=link_style,
        outline=outline,
        serial_mode=serial_mode,
        repeat=repeat,
        function="put_button",
    )


def _buttons(
    buttons: Iterable[Any],
    onclick: OnClick | Sequence[OnClick | None],
    *,
    small: bool | None = None,
    link_style: bool = False,
    outline: bool = False,
    group: bool = False,
    serial_mode: bool = True,
    repeat: bool = False,
    function: str = "put_buttons",
) -> Content:
    given: object = buttons
    if isinstance(given, str) or not isinstance(given, Iterable):
        msg = f"{function}() expects a list of buttons, not {type(given).__name__}: {given!r:.80}"
        raise TypeError(msg)
    described, values = [], []
    for button in buttons:
        about, value = _describe(function, button)
        described.append(about)
        values.append(value)
    fields = {
        "buttons": described,
        "small": bool(small),
        "link": bool(link_style),
        "outline": bool(outline),
        "group": bool(group),
        "repeat": bool(repeat),
    }
    called = _called(function, onclick, values)
    return Content("buttons", fields, called=called, serial=bool(serial_mode), pressed=True)


def _describe(function: str, button: Any) -> tuple[dict[str, object], object]:
    """Return a button's description for the page, and its value."""
    if isinstance(button, Mapping):
        unknown = next((str(key) for key in button if key not in _KEYS), None)
        if unknown is not None:
            raise TypeError(_unknown(function, unknown))
        if "label" not in button:
            msg = f"{function}() expects a button's dict to have a label: {dict(button)!r:.80}"
            raise ValueError(msg)
        label, value = button["label"], button.get("value", button["label"])
    elif isinstance(button, (list, tuple)):
        if len(button) != 2:  # noqa: PLR2004 -- a pair
            msg = f"{function}() expects a button to be a (label, value) pair, not {button!r:.80}"
            raise ValueError(msg)
        label, value = button
    else:
        label = value = button
    about: dict[str, object] = {"label": str(label)}
    if isinstance(button, Mapping):
        color = button.get("color")
        if color is not None and color not in COLORS:
            msg = f"{function}() expects color to be one of {', '.join(COLORS)}, not {color!r:.80}"
            raise ValueError(msg)
        if color is not None:
            about["color"] = color
        if button.get("disabled"):
            about["disabled"] = True
    return about, value


def _unknown(function: str, key: str) -> str:
    close = difflib.get_close_matches(key, _KEYS, 1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}?" if close else f"the keys are {', '.join(_KEYS)}"
    return f"{function}() does not support {key!r} in a button's dict: {hint}"


def _called(
    function: str, onclick: OnClick | Sequence[OnClick | None], values: list[object]
) -> Callable[[Any], object]:
    """Return the function that gets the clicked button's index. The page's index is not trusted."""
    if callable(onclick):
        called = onclick
        _check_takes(function, "onclick to take one argument, the clicked button's value", called, None)

        def call_with_value(index: object) -> object:
            return called(values[index]) if type(index) is int and 0 <= index < len(values) else None

        return call_with_value
    given: object = onclick
    functions = list(given) if isinstance(given, Iterable) else None
    if (
        functions is None
        or len(functions) != len(values)
        or not all(each is None or callable(each) for each in functions)
    ):
        msg = (
            f"{function}() expects onclick to be a function, or a list of one function for each of the {len(values)} "
            f"buttons, not {onclick!r:.80}"
        )
        raise TypeError(msg)
    for each in functions:
        if each is not None:
            _check_takes(function, "the function of one button to take no argument", each)

    def call_own(index: object) -> object:
        own = functions[index] if type(index) is int and 0 <= index < len(functions) else None
        return None if own is None else own()

    return call_own


def _check_takes(function: str, expected: str, called: OnClick, *arguments: object) -> None:
    """Raise the error that would otherwise occur at the first click. Accept a signature that cannot be read."""
    try:
        # The wrapper's own signature: it may pass other arguments to the wrapped function.
        signature = inspect.signature(called, follow_wrapped=False)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*arguments)
    except TypeError:
        bare = signature.replace(return_annotation=signature.empty)
        msg = f"{function}() expects {expected}, not {getattr(called, '__name__', repr(called))}{bare}"
        raise TypeError(msg) from None
