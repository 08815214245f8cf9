"""Tests and measurements use what an object has to offer: no name of another object that begins with an underscore."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import ROOT

# Names that others have given, and whose they are.
FOREIGN = {
    "_dict": "PyWebIO's `local`, in an example of its documentation",
    "_exit": "os",
    "_futures": "JupyterLab's kernel connection",
    "_ipython_display_": "IPython's objects",
    "_non_atomic_requests": "Django's views",
    "_rebuild_io_state": "pyzmq's streams",
    "_recv_callback": "pyzmq's streams",
    "_replace": "named tuples",
    "_repr_html_": "IPython's objects",
    "_repr_mimebundle_": "IPython's objects",
    "_run_exitfuncs": "atexit",
    "_send_on_shell_channel": "ipykernel's subshells",
}
# Code is in strings, too: cells, scripts. Names of modules are no attributes.
MODULE = re.compile(r"\bnbsession(\.\w+)+")
IN_TEXT = re.compile(r"(?<![\w.])(?!(?:self|cls)\._)[\w.]*(?:\w|\)|\])\.(_[a-z]\w*)")


def reached(source: str) -> Iterator[tuple[int, str]]:
    """Give the line and the name of each private attribute of another object in code, and in the code in its texts."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
            if node.attr.startswith("_") and not node.attr.startswith("__") and not own:
                yield node.lineno, node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in IN_TEXT.finditer(MODULE.sub("", node.value)):
                yield node.lineno, match.group(1)


@pytest.mark.parametrize(
    "source",
    [
        "page._link",
        "self.page._link",
        "page._link.send(1)",
        "first()._link = 1",
        "'page._link'",
        "f'{page}; pages[0]._link = {1}'",
        "'for each in self.pages._link: pass'",
        "'from nbsession._core.current import runtime; runtime._link'",
    ],
)
def test_a_private_attribute_is_found(source: str) -> None:
    assert [name for _, name in reached(source)] == ["_link"]


@pytest.mark.parametrize(
    "source",
    [
        "self._link",
        "page.__dict__",
        "import nbsession._core.current",
        "'from nbsession._core.current import runtime'",
        "'def __init__(self): self._link = 1'",
        "'a sentence. _emphasis_'",
    ],
)
def test_what_is_one_s_own_may_be_private(source: str) -> None:
    assert list(reached(source)) == []


def test_nothing_reaches_for_a_private_attribute_of_another_object() -> None:
    files = [file for folder in ("tests", "bench") for file in sorted((ROOT / folder).rglob("*.py"))]
    found = [
        f"{file.relative_to(ROOT)}:{line}: {name}"
        for file in files
        if file != Path(__file__).resolve()  # its examples
        for line, name in reached(file.read_text(encoding="utf-8"))
        if name not in FOREIGN
    ]
    assert found == []
