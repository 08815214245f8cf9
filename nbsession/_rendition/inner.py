"""What is in an output: other outputs, in its slots or one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .markup import Piece


@dataclass(frozen=True)
class Made:
    """The HTML of one output.

    Attributes
    ----------
    piece : Piece
        The HTML.
    slot : int, optional
        Its place in its parent.
    phrase : bool
        Whether it is text, to be put into a paragraph.
    continues : bool
        Whether the next text is in the same paragraph.
    """

    piece: Piece
    slot: int | None = None
    phrase: bool = False
    continues: bool = False


class Inner:
    """The outputs in another one."""

    def __init__(self, made: Iterable[Made]) -> None:
        self._made = list(made)
        self._slots: dict[int | None, list[Made]] = {}
        for each in self._made:
            self._slots.setdefault(each.slot, []).append(each)

    def all(self) -> Piece:
        """Return all of them, one after the other."""
        return paragraphs(self._made)

    def in_slot(self, slot: int) -> Piece:
        """Return those in a slot. A single text is not put into a paragraph."""
        return _cell(self._slots.get(slot, []))

    def in_slots(self, slots: Iterable[int]) -> Piece:
        """Return those in some slots, one after the other."""
        return paragraphs([each for slot in slots for each in self._slots.get(slot, ())])

    def others(self, slots: Iterable[int] = ()) -> list[Piece]:
        """Return those that are in none of some slots, each as the content of a cell."""
        known = set(slots)
        return [_cell([each]) for each in self._made if each.slot is None or each.slot not in known]

    def single_phrase(self) -> Piece | None:
        """Return the only output if it is text."""
        return self._made[0].piece if len(self._made) == 1 and self._made[0].phrase else None


def _cell(made: list[Made]) -> Piece:
    return made[0].piece if len(made) == 1 else paragraphs(made)


def paragraphs(made: Iterable[Made]) -> list[Piece]:
    """Return outputs one after the other, texts in paragraphs."""
    pieces: list[Piece] = []
    line: list[Piece] = []
    for each in made:
        if each.phrase:
            line.append(each.piece)
        if line and not (each.phrase and each.continues):
            pieces.append(["<p>", *line, "</p>"])
            line = []
        if not each.phrase:
            pieces.append(each.piece)
    if line:
        pieces.append(["<p>", *line, "</p>"])
    return pieces
