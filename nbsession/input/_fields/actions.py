"""``actions``: the field. A page answers with the index of the pressed button; values never leave Python."""

from __future__ import annotations

from typing import Any, ClassVar

from .call_arguments import Arguments
from .choice_options import listed, parts, position
from .field import Field, ImpossibleAnswer, Raw

_COLORS = ("primary", "secondary", "success", "danger", "warning", "info", "light", "dark")
_TYPES = ("submit", "reset", "cancel")
_KEYS = ("label", "value", "type", "disabled", "color")


class ActionsField(Field):
    """Buttons, of which one submits the form.

    Parameters
    ----------
    submit_only : bool
        Whether other types than ``'submit'`` are refused, as a pin does.
    """

    PARAMETERS: ClassVar[frozenset[str]] = Field.PARAMETERS | {"buttons", "submit_only"}

    type: str = "actions"

    def _identify(self, arguments: Arguments) -> None:
        super()._identify(arguments)
        function = arguments.function
        self._buttons: list[dict[str, object]] = []
        self._values: list[Any] = []
        for given in listed(function, "buttons", arguments.get("buttons")):
            button, value = _parse(function, given)
            if button["type"] != "submit" and arguments.flag("submit_only", default=False):
                msg = f"{function}() expects the type of a button to be 'submit', not {button['type']!r}"
                raise ValueError(msg)
            self._buttons.append(button)
            self._values.append(value)

    @property
    def submits(self) -> bool:
        """Whether a button submits the form, so that it needs no other."""
        return any(button["type"] == "submit" for button in self._buttons)

    @property
    def cancels(self) -> bool:
        return any(button["type"] == "cancel" and "disabled" not in button for button in self._buttons)

    @property
    def _empty(self) -> Raw:
        return None

    def describe(self) -> dict[str, object]:
        return {**super().describe(), "buttons": [dict(button) for button in self._buttons]}

    def read(self, raw: Raw) -> Any:
        if raw is None:
            return None
        if type(raw) is not int or raw not in self._submitting:
            msg = "something was pressed that is no button that submits"
            raise ImpossibleAnswer(msg)
        return self._values[raw]

    @property
    def _submitting(self) -> list[int]:
        return [
            index
            for index, button in enumerate(self._buttons)
            if button["type"] == "submit" and "disabled" not in button
        ]

    def encode(self, answer: object) -> Raw:
        if answer is None:
            return None
        for names in (self._values, [button["label"] for button in self._buttons]):
            found = position([names[index] for index in self._submitting], answer)
            if found is not None:
                return self._submitting[found]
        labels = ", ".join(repr(self._buttons[index]["label"]) for index in self._submitting)
        msg = f"the field {self.name!r} accepts {labels or 'nothing'} or None, not {answer!r:.80}"
        raise ValueError(msg)


def _parse(function: str, given: Any) -> tuple[dict[str, object], Any]:
    about = parts(function, "a button", given, _KEYS)
    kind = about.get("type") or "submit"
    if kind not in _TYPES:
        msg = f"{function}() expects the type of a button to be one of {', '.join(_TYPES)}, not {kind!r:.80}"
        raise ValueError(msg)
    if kind == "submit" and "value" not in about and not about.get("disabled"):
        msg = f"{function}() expects a button that submits to have a value: {about!r:.80}"
        raise ValueError(msg)
    button: dict[str, object] = {"label": str(about["label"]), "type": kind}
    color = about.get("color")
    if color is not None:
        if color not in _COLORS:
            msg = f"{function}() expects color to be one of {', '.join(_COLORS)}, not {color!r:.80}"
            raise ValueError(msg)
        button["color"] = color
    if about.get("disabled"):
        button["disabled"] = True
    return button, about.get("value")
