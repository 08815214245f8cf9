"""``pin``: the values of pins, by name."""

from __future__ import annotations

from typing import Any

from nbsession._core.current import current_session
from nbsession.input._fields.field import NAME

from ._reading import read_one
from ._registry import registry_of


class Pins:
    """The values of the pins, by attribute or item.

    ``pin.name`` is the present value of the newest pin with this name: in an app, of its session; in a notebook, of any
    cell. Reading blocks, or is awaited in a coroutine (``await pin.name``), as ``eval_js``. A name without a pin is
    None. Setting changes the pin on the page.

    Examples
    --------
    >>> from nbsession.output import put_button, put_text
    >>> from nbsession.pin import pin, put_input
    >>> put_input("city", label="City")  # doctest: +SKIP
    >>> put_button("Go", onclick=lambda: put_text(pin.city))  # doctest: +SKIP

    Notes
    -----
    Corresponds to ``pywebio.pin.pin``.
    """

    _strict: bool = False

    def use_strict(self) -> None:
        """Let the reading of a name without a pin raise ``AssertionError``, from now on."""
        object.__setattr__(self, "_strict", True)

    def __getattr__(self, name: str) -> Any:
        # Protocols of Python and IPython look these up on any object.
        if name.startswith(("__", "_repr_", "_ipython_")):
            raise AttributeError(name)
        return read_one(checked("pin", name), strict=self._strict)

    def __getitem__(self, name: str) -> Any:
        return read_one(checked("pin", name), strict=self._strict)

    def __setattr__(self, name: str, value: object) -> None:
        if name == "use_strict":
            msg = "'use_strict' cannot be the name of a pin"
            raise AttributeError(msg)
        self[name] = value

    def __setitem__(self, name: str, value: object) -> None:
        found = registry_of(current_session()).find(checked("pin", name))
        if found is not None:
            found.change({"value": value})
        elif self._strict:
            msg = f"there is no pin {name!r} on the page"
            raise AssertionError(msg)

    def __repr__(self) -> str:
        return "<the pins by name: pin.NAME is the value of the pin NAME>"


def checked(function: str, name: object) -> str:
    """Return the name of a pin.

    Raises
    ------
    TypeError, ValueError
        If it cannot be one.
    """
    if not isinstance(name, str):
        msg = f"{function}() expects the name of a pin, not {type(name).__name__}: {name!r:.80}"
        raise TypeError(msg)
    if not NAME.fullmatch(name):
        msg = f"the name of a pin consists of letters (a to z), digits, hyphens and underscores, not {name!r:.80}"
        raise ValueError(msg)
    return name


pin: Pins = Pins()
