"""One question of a form or a pin: what the page is told of it, and what its answers mean. No I/O."""

from __future__ import annotations

import copy
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from .attributes import check_attributes
from .call_arguments import Arguments

if TYPE_CHECKING:
    from typing_extensions import Self

# What the page sends, and what a test's answer becomes.
Raw = object

# What an update cannot change, as in the original.
FIXED = frozenset(
    {
        "action",
        "buttons",
        "code",
        "inline",
        "max_size",
        "max_total_size",
        "multiple",
        "name",
        "onchange",
        "type",
        "validate",
    }
)

NAME = re.compile(r"[A-Za-z0-9_-]+")


class InvalidAnswer(Exception):  # noqa: N818 -- an answer, not a fault of the program
    """The reader has to change the answer. The message is for the reader."""


class ImpossibleAnswer(Exception):  # noqa: N818 -- as above
    """No page of ours sends this. The message is for a log."""


class NoInitial(Enum):
    """The type of `NO_INITIAL`."""

    NO_INITIAL = "no initial value"


NO_INITIAL: Final = NoInitial.NO_INITIAL


class Field(ABC):
    """One question. One thread at a time uses it, under the lock of its form.

    Parameters
    ----------
    function : str
        Name of the public function, for errors about its arguments.
    other_html_attrs : mapping, optional
        Attributes of the control.
    **parameters
        The public function's parameters (`PARAMETERS`). None means that one is not given.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what the function expects.
    """

    PARAMETERS: ClassVar[frozenset[str]] = frozenset(
        {
            "name",
            "label",
            "validate",
            "onchange",
            "help_text",
            "required",
            "readonly",
            "disabled",
            # The program's verdict on what the reader has entered: see `input_update`.
            "valid_status",
            "valid_feedback",
            "invalid_feedback",
        }
    )

    name: str = "data"
    type: str
    label: str = ""
    validate: Callable[[Any], object] | None = None
    onchange: Callable[[Any], object] | None = None

    def __init__(
        self, function: str, *, other_html_attrs: Mapping[str, object] | None = None, **parameters: object
    ) -> None:
        unknown = next((name for name in parameters if name not in self.PARAMETERS), None)
        if unknown is not None:
            msg = f"{function}() got an unexpected keyword argument {unknown!r}"
            raise TypeError(msg)
        self._help = ""
        self._verdict: bool | None = None
        self._feedback = {True: "", False: ""}
        self._flags: dict[str, bool] = {}
        self._attributes: dict[str, str | float | bool] = {}
        self._set = 0
        # Some attributes are parameters of the field: a checkbox's required=True.
        known, others = self._split(other_html_attrs or {})
        parameters = {**known, **{name: value for name, value in parameters.items() if value is not None}}
        arguments = Arguments(function, parameters)
        self._identify(arguments)
        self._take_attributes(function, others)
        self._take(arguments)
        if parameters.get("value") is not None:
            self._take_value(arguments, parameters["value"])

    @abstractmethod
    def read(self, raw: Raw) -> Any:
        """Return the program's value of what the page has sent.

        Raises
        ------
        InvalidAnswer
            If the reader has to change it.
        ImpossibleAnswer
            If no page of ours sends it.
        """

    @abstractmethod
    def encode(self, answer: object) -> Raw:
        """Return what a page would send for an answer that a test or a file of answers gives.

        Raises
        ------
        ValueError
            If this cannot be an answer. The message names the field and what it accepts.
        """

    def read_unchecked(self, raw: Raw) -> Any:
        """Return the value of a pin, which has no constraints.

        Raises
        ------
        ImpossibleAnswer
            If no page of ours sends it.
        """
        try:
            return self.read(raw)
        except InvalidAnswer:
            return self._unchecked(raw)

    def default(self) -> Any:
        """Return the value of a pin that nobody has touched."""
        raw = self._untouched()
        return self.read_unchecked(self._empty if raw is NO_INITIAL else raw)

    def _unchecked(self, raw: Raw) -> Any:
        """Return the value of what the reader would have to change in a form."""
        return raw

    @property
    def _empty(self) -> Raw:
        """What the page sends for an untouched control without an initial value."""
        return []

    def outdated(self, seen: object) -> bool:
        """Return whether a raw value means something else now. ``seen`` is the ``set`` that the page had."""
        del seen  # a text means the same after each update
        return False

    def follow(self, former: Field) -> None:
        """Take the place of another field: the page shows this one's value."""
        self._set = former._set + 1

    @property
    def is_fixed(self) -> bool:
        """Whether the reader cannot change it, whatever the page sends."""
        return self._flags.get("disabled", False)

    @property
    def fixed_raw(self) -> Raw:
        """What the page shows in a field that the reader cannot change."""
        raw = self._untouched()
        return self._empty if raw is NO_INITIAL else raw

    @property
    def secret(self) -> bool:
        """Whether what the reader types is not kept for a reload."""
        return False

    @property
    def cancels(self) -> bool:
        """Whether it can cancel its form."""
        return False

    def initial(self) -> Raw | NoInitial:
        """Return the answer of a form that nobody touches, or `NO_INITIAL`."""
        raw = self._untouched()
        if raw is NO_INITIAL:
            return NO_INITIAL
        try:
            self.read(raw)
        except (InvalidAnswer, ImpossibleAnswer):
            return NO_INITIAL
        return raw

    def describe(self) -> dict[str, object]:
        """Return the field in the page's format (docs/protocol.md)."""
        field: dict[str, object] = {"name": self.name, "type": self.type, "label": self.label}
        if self._help:
            field["help"] = self._help
        field.update((flag, True) for flag, on in self._flags.items() if on)
        if self._verdict is not None:
            field["valid"] = self._verdict
            field["feedback"] = self._feedback[self._verdict]
        if self._attributes:
            field["attributes"] = dict(self._attributes)
        if self.validate is not None:
            field["check"] = True
        if self.onchange is not None:
            field["onchange"] = True
        if self._set:
            field["set"] = self._set
        return field

    def update(self, function: str, attributes: Mapping[str, object]) -> None:
        """Change parameters, as ``input_update`` and ``pin_update`` do. After an error, nothing has changed.

        Parameters
        ----------
        function : str
            Name of the public function, for errors.
        attributes : mapping
            Parameters and attributes of the control. None leaves one as it is, but a ``value`` of None clears the
            field, if it can be empty.
        """
        for name in attributes:
            if name.lower() in FIXED:
                msg = f"{function}() cannot change {name!r} of a field"
                raise ValueError(msg)
        changed = self._copy()
        changed._update(function, attributes)
        self.__dict__ = changed.__dict__

    def _copy(self) -> Self:
        changed = copy.copy(self)
        changed._flags = dict(self._flags)
        changed._attributes = dict(self._attributes)
        changed._feedback = dict(self._feedback)
        return changed

    def _update(self, function: str, attributes: Mapping[str, object]) -> None:
        known, others = self._split(attributes)
        arguments = Arguments(function, known)
        self._take_attributes(function, others)
        self._take(arguments)
        if "value" in known:
            self._take_value(arguments, known["value"])
            self._set += 1

    def _split(self, given: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
        """Return the parameters among some attributes, whose names ignore case, and the others."""
        known: dict[str, object] = {}
        others: dict[str, object] = {}
        for name, value in given.items():
            if name.lower() in self.PARAMETERS:
                known[name.lower()] = value
            else:
                others[name] = value
        return known, others

    def _identify(self, arguments: Arguments) -> None:
        self.name = arguments.text("name", self.name)
        if not NAME.fullmatch(self.name):
            msg = (
                f"{arguments.function}() expects name to consist of letters (a to z), digits, hyphens and underscores,"
                f" not {self.name!r:.80}"
            )
            raise ValueError(msg)
        self.validate = arguments.function_of_value("validate")
        self.onchange = arguments.function_of_value("onchange")

    def _take_attributes(self, function: str, others: Mapping[str, object]) -> None:
        checked = check_attributes(function, others, self.PARAMETERS)
        focus = checked.pop("auto_focus", None)
        if focus is not None:
            self._flags["focus"] = bool(focus)
        for name, value in checked.items():
            if value is False:
                self._attributes.pop(name, None)
            else:
                self._attributes[name] = value

    def _take(self, arguments: Arguments) -> None:
        """Take the given parameters but ``value``, of the constructor or of an update."""
        self.label = arguments.text("label", self.label)
        self._help = arguments.text("help_text", self._help)
        if "valid_status" in arguments:
            status = arguments.get("valid_status")
            self._verdict = status if isinstance(status, bool) else None
        for verdict, name in ((True, "valid_feedback"), (False, "invalid_feedback")):
            self._feedback[verdict] = arguments.text(name, self._feedback[verdict])
        for flag in ("required", "readonly", "disabled"):
            self._flags[flag] = arguments.flag(flag, default=self._flags.get(flag, False))
        if "placeholder" in arguments:
            self._attributes["placeholder"] = arguments.text("placeholder", "")

    def _take_value(self, arguments: Arguments, value: object) -> None:
        """Take ``value``, after all other parameters. None clears it."""
        msg = f"{arguments.function}() cannot set the value of this kind of field to {value!r:.80}"
        raise ValueError(msg)

    def _untouched(self) -> Raw | NoInitial:
        """Return what the page would send if nobody touched the control, valid or not."""
        return NO_INITIAL

    @property
    def _needed(self) -> bool:
        # A disabled control asks nothing.
        return self._flags.get("required", False) and not self._flags.get("disabled", False)
