"""Every public name and parameter of the original is here, but for those that docs/porting.md explains."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

import nbsession

PORTING = Path(__file__).parents[2] / "docs" / "porting.md"

MODULES = ("input", "output", "pin", "session")


def module(package: str, name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the original leaves files open
        return importlib.import_module(f"{package}.{name}")


NAMES = sorted({f"{each}.{name}" for each in MODULES for name in module("pywebio", each).__all__})


def both(name: str) -> tuple[Any, Any]:
    """The original's object and ours."""
    where, what = name.split(".")
    return getattr(module("pywebio", where), what), getattr(module("nbsession", where), what)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_the_original_is_ours(name: str) -> None:
    where, what = name.split(".")
    assert what in module("nbsession", where).__all__


def test_the_names_of_the_package_are_ours() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        original = importlib.import_module("pywebio")
    names = {name for name, each in vars(original).items() if name[0] != "_" and not inspect.ismodule(each)}
    assert names <= set(nbsession.__all__)


PROGRAM = """
import nbsession
nbsession.output.put_text
from nbsession import *
print(*(each.__name__ for each in (nbsession.input, output, pin, platform, session)))
print(input.__module__)
"""


def test_the_modules_of_the_original_are_attributes_and_come_with_a_star() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    # It does not hide the built-in function.
    modules = [f"nbsession.{each}" for each in (*MODULES[:3], "platform", "session")]
    assert done.stdout.split() == [*modules, "builtins"]


def parameters(function: Any) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())


FUNCTIONS = [name for name in NAMES if inspect.isroutine(both(name)[0]) and callable(both(name)[1])]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_parameter_of_the_original_is_ours(name: str) -> None:
    original, ours = map(parameters, both(name))
    if any(each.kind is each.VAR_KEYWORD for each in ours):
        return
    given = {each.name for each in ours}
    wanted = {each.name for each in original if each.kind is not each.VAR_KEYWORD}
    assert wanted - given == set()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_arguments_by_position_are_the_original_s(name: str) -> None:
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    original, ours = (
        [each.name for each in parameters(function) if each.kind in by_position] for function in both(name)
    )
    assert ours[: len(original)] == original
