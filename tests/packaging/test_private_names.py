"""What docs/porting.md names in place of private names of the original exists."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

_PAGE = Path(__file__).parents[2] / "docs" / "porting.md"
_SECTION = "## Private names that applications use"


def _named() -> list[str]:
    section = _PAGE.read_text(encoding="utf-8").partition(_SECTION)[2].partition("\n## ")[0]
    return sorted(set(re.findall(r"\bnbsession(?:\.\w+)+", section)))


def test_the_section_names_something() -> None:
    assert len(_named()) > 5


@pytest.mark.parametrize("name", _named())
def test_it_exists_and_is_public(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert hasattr(importlib.import_module(module), attribute)
    assert "._" not in name
