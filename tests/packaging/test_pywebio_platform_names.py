"""The names and parameters of the original's platform modules are here, but for those that docs/porting.md explains."""

from __future__ import annotations

import importlib
import inspect
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

PORTING = (Path(__file__).parents[2] / "docs" / "porting.md").read_text(encoding="utf-8")

MODULES = (
    "",
    ".platform",
    ".platform.tornado",
    ".platform.tornado_http",
    ".platform.flask",
    ".platform.django",
    ".platform.aiohttp",
    ".platform.fastapi",
)

INNER_MODULES = {"adaptor", "bokeh", "page", "path_deploy", "pyinstaller", "remote_access", "utils"}
"""Those that implement the others. What is public in them is a name of `pywebio.platform`."""

INNER_NAMES = {
    "DjangoHttpContext",
    "FlaskHttpContext",
    "TornadoHttpContext",
    "WebSocketConnection",
    "ioloop",
    "open_webbrowser_on_server_started",
    "set_ioloop",
    "start_server_in_current_thread_session",
}
"""Those that the original's documentation does not mention."""


ALSO_IMPORTED = {"run_event_loop"}
"""Those of `pywebio.platform` that applications import from the modules of Flask and Django."""


def module(package: str, name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the original leaves files open
        return importlib.import_module(package + name)


def public(where: str) -> list[str]:
    """The names that a module of the original defines, or that its package offers."""
    original = module("pywebio", where)
    offers = where in {"", ".platform"}
    return [
        name
        for name, each in vars(original).items()
        if not name.startswith("_")
        and inspect.isroutine(each)
        and (offers or each.__module__ == original.__name__ or name in ALSO_IMPORTED)
        and name not in INNER_NAMES
    ]


FUNCTIONS = [(where, name) for where in MODULES for name in public(where)]


def parameters(package: str, where: str, name: str) -> list[inspect.Parameter]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(inspect.signature(getattr(module(package, where), name)).parameters.values())


@pytest.mark.parametrize(("where", "name"), FUNCTIONS)
def test_options_by_position_are_the_original_s(where: str, name: str) -> None:
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    original, ours = (
        [each.name for each in parameters(package, where, name) if each.kind in by_position]
        for package in ("pywebio", "nbsession")
    )
    assert ours[: len(original)] == original


@pytest.mark.parametrize(("where", "name"), FUNCTIONS)
def test_an_option_of_the_original_is_ours(where: str, name: str) -> None:
    wanted = {each.name for each in parameters("pywebio", where, name) if each.kind is not each.VAR_KEYWORD}
    assert wanted <= {each.name for each in parameters("nbsession", where, name)}


@pytest.mark.parametrize("where", MODULES[2:])
def test_a_module_is_an_attribute_of_the_package(where: str) -> None:
    platform = module("nbsession", ".platform")
    assert getattr(platform, where.rpartition(".")[2]) is module("nbsession", where)


@pytest.mark.parametrize("name", ["input", "output", "pin", "platform", "session"])
def test_a_module_needs_no_import_of_its_own(name: str) -> None:
    package = module("nbsession", "")
    assert getattr(package, name) is module("nbsession", f".{name}")


def test_every_module_of_the_original_is_walked_or_explained() -> None:
    folder = Path(module("pywebio", ".platform").__file__).parent
    modules = {
        path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert modules - {"__init__"} - INNER_MODULES == {where.rpartition(".")[2] for where in MODULES[2:]}


@pytest.mark.parametrize("name", sorted(INNER_MODULES | INNER_NAMES))
def test_what_is_left_out_is_explained(name: str) -> None:
    assert re.search(rf"`{name}`", PORTING)


@pytest.mark.parametrize("name", sorted(INNER_NAMES))
def test_what_is_there_is_not_called_left_out(name: str) -> None:
    assert not any(hasattr(module("nbsession", where), name) for where in MODULES)
