"""``JSFunction``, and options of a JavaScript library that contain some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbsession._core.foreign_values import NoPlainFormError, plain_form


class JSFunction:
    """A JavaScript function, for the options of a data table.

    Parameters
    ----------
    *params_and_body : str
        The names of the parameters, and then the body.

    Raises
    ------
    TypeError
        If there is no body, or one of them is no ``str``.

    Examples
    --------
    >>> from nbsession.output import JSFunction
    >>> JSFunction("event", "console.log(event.source)")
    JSFunction('event', 'console.log(event.source)')

    Notes
    -----
    Corresponds to ``pywebio.output.JSFunction``. The code runs on the page. Never build it from untrusted data.
    """

    def __init__(self, *params_and_body: str) -> None:
        if not params_and_body or not all(isinstance(each, str) for each in params_and_body):
            msg = "JSFunction() expects the names of the parameters and the body, each a str"
            raise TypeError(msg)
        self.source: tuple[str, ...] = params_and_body

    def __repr__(self) -> str:
        return f"JSFunction({', '.join(map(repr, self.source))})"


class Options:
    """Options in the page's format: JSON values, and apart from them, the functions with their paths.

    Apart, because a function that was described among the values could be forged by data.
    """

    def __init__(self, function: str) -> None:
        self._function = function
        self.functions: list[list[object]] = []

    def plain(self, value: Any, path: tuple[str | int, ...]) -> Any:
        """Return a value without its functions.

        Raises
        ------
        TypeError
            If it contains something that JavaScript cannot get.
        """
        if value is None or isinstance(value, (str, bool, int, float)):
            return value
        if isinstance(value, JSFunction):
            self.functions.append([list(path), list(value.source)])
            return None
        if isinstance(value, Mapping):
            return {str(key): self.plain(each, (*path, str(key))) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(each, (*path, index)) for index, each in enumerate(value)]
        try:
            return self.plain(plain_form(value), path)
        except NoPlainFormError:
            where = ".".join(map(str, path))
            msg = f"{self._function}() cannot send {where}: {type(value).__name__} is no JSON value and no JSFunction"
            raise TypeError(msg) from None
