"""``select``, ``checkbox`` and ``radio``: the fields. A page answers with indices; values never leave Python."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

from nbsession._core.calling_code import caller_depth

from .call_arguments import Arguments
from .choice_options import Option, listed, parse_options, position
from .field import NO_INITIAL, Field, ImpossibleAnswer, InvalidAnswer, NoInitial, Raw

_NAMED = 10


class ChoiceField(Field):
    """A choice among options.

    Parameters
    ----------
    type : {'select', 'checkbox', 'radio'}
        The control.
    """

    PARAMETERS: ClassVar[frozenset[str]] = Field.PARAMETERS | {
        "type",
        "options",
        "value",
        "multiple",
        "inline",
        "native",
    }

    type: str = "select"
    several: bool = False  # whether the value is a list

    def _identify(self, arguments: Arguments) -> None:
        super()._identify(arguments)
        self._options: list[Option] | None = None
        self._selected: list[int] = []
        self._inline = arguments.flag("inline", default=False)
        self.type = arguments.text("type", self.type)
        self.several = self.type == "checkbox" or (
            self.type == "select" and arguments.flag("multiple", default=False)
        )

    def _take(self, arguments: Arguments) -> None:
        super()._take(arguments)
        arguments.flag("native", default=False)  # the page has one kind of control
        if "options" in arguments or self._options is None:
            first = self._options is None
            self._options = parse_options(arguments.function, arguments.get("options"))
            self._selected = [index for index, each in enumerate(self._options) if each.selected]
            if len(self._selected) > 1 and not self.several and "value" not in arguments:
                labels = ", ".join(repr(self._options[index].label) for index in self._selected)
                msg = f"{arguments.function}() expects at most one selected option, not {labels}"
                raise ValueError(msg)
            # What was selected of other options means nothing.
            self._set += not first

    def _take_value(self, arguments: Arguments, value: object) -> None:
        values = [each.value for each in self._all]
        if self.several:
            wanted = [] if value is None else _listed(arguments.function, value)
        else:
            # None clears a choice, unless it is the value of an option.
            wanted = [] if value is None and position(values, None) is None else [value]
        selected = []
        for each in wanted:
            index = position(values, each)
            if index is None:
                warnings.warn(
                    f"{arguments.function}() expects value to be of the options ({self._values()}), and ignores "
                    f"{each!r:.80}",
                    stacklevel=caller_depth(),
                )
            else:
                selected.append(index)
        self._selected = sorted(set(selected))

    @property
    def _all(self) -> list[Option]:
        return self._options or []

    def describe(self) -> dict[str, object]:
        field = super().describe()
        field["options"] = [
            {"label": each.label, "disabled": True} if each.disabled else {"label": each.label}
            for each in self._all
        ]
        field["selected"] = list(self._selected)
        if self.type == "select" and self.several:
            field["multiple"] = True
        if self._inline:
            field["inline"] = True
        return field

    def read(self, raw: Raw) -> Any:
        options = self._all
        if not isinstance(raw, list) or not all(type(index) is int for index in raw):
            msg = f"a list of indices was expected, not {type(raw).__name__}"
            raise ImpossibleAnswer(msg)
        if len(raw) > (len(options) if self.several else 1) or len(set(raw)) != len(raw):
            msg = f"{len(raw)} of {len(options)} options were chosen"
            raise ImpossibleAnswer(msg)
        chosen = []
        for index in sorted(raw):
            if not 0 <= index < len(options):
                msg = f"an option was chosen that is not one of {len(options)}"
                raise ImpossibleAnswer(msg)
            if not options[index].disabled:
                chosen.append(index)
            elif index not in self._selected:
                msg = f"option {index} was chosen, which is disabled"
                raise ImpossibleAnswer(msg)
            # A disabled option that was selected from the start is a hint such as "Choose one", and no answer.
        if self._needed and not chosen:
            raise InvalidAnswer(_MISSING[self.type])
        if self.several:
            return [options[index].value for index in chosen]
        return options[chosen[0]].value if chosen else None

    def outdated(self, seen: object) -> bool:
        return type(seen) is int and seen != self._set

    def _untouched(self) -> Raw | NoInitial:
        if self.several or self._selected:
            return list(self._selected)
        if self.type == "radio":
            return NO_INITIAL
        # A select without a selection shows its first option that can be chosen.
        return next(([index] for index, each in enumerate(self._all) if not each.disabled), NO_INITIAL)

    def encode(self, answer: object) -> Raw:
        if self.several:
            if not isinstance(answer, (list, tuple, set, frozenset)):
                msg = f"the field {self.name!r} accepts a list of {self._labels()}, not {answer!r:.80}"
                raise ValueError(msg)
            return sorted({self._index(each) for each in answer})
        if answer is None and position([each.value for each in self._all], None) is None:
            return []
        return [self._index(answer)]

    def _index(self, answer: object) -> int:
        enabled = [index for index, each in enumerate(self._all) if not each.disabled]
        for names in (
            [self._all[index].value for index in enabled],
            [self._all[index].label for index in enabled],
        ):
            found = position(names, answer)
            if found is not None:
                return enabled[found]
        msg = f"the field {self.name!r} accepts {self._labels()}, not {answer!r:.80}"
        raise ValueError(msg)

    def _labels(self) -> str:
        return _some([repr(each.label) for each in self._all if not each.disabled])

    def _values(self) -> str:
        return _some([f"{each.value!r:.80}" for each in self._all])


def _listed(function: str, value: object) -> list[Any]:
    # As in the original, one value stands for a list of one.
    return listed(function, "value", value) if isinstance(value, (list, tuple, set, frozenset)) else [value]


def _some(names: list[str]) -> str:
    more = f", ... ({len(names)} options)" if len(names) > _NAMED else ""
    return (", ".join(names[:_NAMED]) + more) or "nothing: it has no options"


_MISSING = {
    "select": "Please select an item in the list.",
    "checkbox": "Please select at least one of these options.",
    "radio": "Please select one of these options.",
}
