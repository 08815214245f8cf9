"""The examples use every function of the two modules."""

from __future__ import annotations

from types import ModuleType

import pytest

import nbsession.input
import nbsession.pin

from . import form_button_programs, form_programs, pin_programs

SYNONYMS = {"DATETIME_LOCAL"}


@pytest.mark.parametrize(
    ("module", "programs"),
    [(nbsession.input, [form_programs, form_button_programs]), (nbsession.pin, [pin_programs])],
    ids=["input", "pin"],
)
def test_each_name_is_in_an_example(module: ModuleType, programs: list[ModuleType]) -> None:
    used = {name for each in programs for name in vars(each)}
    assert set(module.__all__) - SYNONYMS - used == set()
