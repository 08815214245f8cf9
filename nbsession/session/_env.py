"""``set_env``: options of a session."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from nbsession._core.brief import BRIEF
from nbsession._core.css_length import length
from nbsession._core.current import current_session

if TYPE_CHECKING:
    from nbsession._core.session import ErrorPolicy

# Pixels, from PyWebIO's documentation.
_LEAST_PANEL_HEIGHT = 75
_LEAST_INITIAL_PANEL_HEIGHT = 175


def set_env(
    *,
    title: str | None = None,
    output_animation: bool | None = None,
    auto_scroll_bottom: bool | None = None,
    http_pull_interval: int | None = None,
    input_panel_fixed: bool | None = None,
    input_panel_min_height: int | None = None,
    input_panel_init_height: int | None = None,
    input_auto_focus: bool | None = None,
    output_max_width: str | None = None,
    close_with_page: bool | None = None,
    new_session: bool | None = None,
    static: bool | None = None,
    js_errors: ErrorPolicy | None = None,
    **unknown: object,
) -> None:
    """Configure the calling code's session. Options that are omitted do not change.

    Parameters
    ----------
    title : str
        The title of the page; in a notebook the heading of the view.
    output_animation : bool
        Whether new output fades in; initially True.
    auto_scroll_bottom : bool
        Whether the page scrolls to new output in the root scope; initially False.
    http_pull_interval : int
        Milliseconds between two polls of an idle page, in sessions over HTTP; initially 1000.
    input_panel_fixed : bool
        Whether the input panel of a served page stays in view at the bottom of a window that is large enough;
        initially True. In a notebook's cell, and on a phone, the panel is below the outputs.
    input_panel_min_height : int
        The minimum height in pixels of the panel that stays in view, at least 75. If it is not given, the panel is as
        high as its form.
    input_panel_init_height : int
        The height in pixels of the panel that stays in view, at least 175. A longer form scrolls.
    input_auto_focus : bool
        Whether the form of an app or a served page gets the focus when it appears; initially True.
    output_max_width : str
        The maximum width of the output, such as ``'1080px'`` or ``'80%'``; any CSS length.
    close_with_page : bool
        In a notebook, whether the session closes with its page although its threads, tasks or callbacks are running;
        initially False. A served app always does.
    new_session : bool
        Whether the view of an app has the "New session" button; initially True.
    static : bool
        In a notebook, whether the file keeps what the view shows as static HTML; initially True. Saved and exported
        notebooks show it.
    js_errors : {'warn', 'raise'}
        What ``eval_js`` does if the JavaScript fails: return None and show a warning, or raise ``JSError``.

    Raises
    ------
    TypeError
        If an option is unknown or of the wrong type.
    ValueError
        If a value is out of its range.

    Examples
    --------
    >>> from nbsession import set_env
    >>> set_env(title="Awesome!!", output_animation=False)  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.session.set_env``; ``close_with_page``, ``new_session``, ``static`` and
    ``js_errors`` are additions.
    """
    __tracebackhide__ = True
    with BRIEF:
        if unknown:
            raise TypeError(_unknown(next(iter(unknown))))
        given: dict[str, object] = {}
        for name, text in {"title": title, "output_max_width": output_max_width}.items():
            _keep(given, name, text, str)
        if output_max_width is not None:
            given["output_max_width"] = length("set_env", "output_max_width", output_max_width)
        for name, flag in {
            "output_animation": output_animation,
            "auto_scroll_bottom": auto_scroll_bottom,
            "input_panel_fixed": input_panel_fixed,
            "input_auto_focus": input_auto_focus,
            "close_with_page": close_with_page,
            "new_session": new_session,
            "static": static,
        }.items():
            _keep(given, name, flag, bool)
        for name, number, least in (
            ("http_pull_interval", http_pull_interval, 1),
            ("input_panel_min_height", input_panel_min_height, _LEAST_PANEL_HEIGHT),
            ("input_panel_init_height", input_panel_init_height, _LEAST_INITIAL_PANEL_HEIGHT),
        ):
            _keep(given, name, number, int)
            if number is not None and number < least:
                msg = f"set_env() expects {name} to be at least {least}, not {number!r}"
                raise ValueError(msg)
        if js_errors not in (None, "warn", "raise"):
            msg = f"set_env() expects js_errors to be 'warn' or 'raise', not {js_errors!r}"
            raise ValueError(msg)
        session = current_session()
        if js_errors is not None:
            session.set_js_errors(js_errors)
        if given:
            session.set_env(given)


def _keep(given: dict[str, object], name: str, value: object, expected: type) -> None:
    if value is None:
        return
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        msg = f"set_env() expects {name} to be of type {expected.__name__}, not {type(value).__name__}: {value!r:.80}"
        raise TypeError(msg)
    given[name] = value


def _unknown(name: str) -> str:
    known = [*(set_env.__kwdefaults__ or {})]
    close = difflib.get_close_matches(name, known, 1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
    return f"set_env() has no option {name!r}: {hint}"
