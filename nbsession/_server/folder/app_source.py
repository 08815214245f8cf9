"""What a file's source says before its code has run: whether it is an app, and its title.

A folder may contain scripts that are no apps. A visitor must not run them by asking for them.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_APP = "main"
# Functions whose keyword argument `title` is the app's title.
_TITLES = {"config", "seo"}


@dataclass(frozen=True)
class AppSource:
    """A file's source.

    Attributes
    ----------
    is_app : bool
        Whether the code may define ``main``.
    listed : bool
        Whether it certainly does.
    title : str
        The title of the app, as far as the source tells it.
    """

    is_app: bool
    listed: bool = False
    title: str = ""


def stamp_of(file: Path) -> tuple[int, int, int]:
    """Return what changes when the file does."""
    found = file.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def source_of(file: Path) -> AppSource:
    """Return what the source of a file says."""
    return _parsed(file, stamp_of(file))


@lru_cache(maxsize=1024)
def _parsed(file: Path, _: tuple[int, int, int]) -> AppSource:
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Loading it runs nothing, and tells the error.
        return AppSource(is_app=True)
    bound = dict(_bindings(tree))
    if _APP not in bound:
        return AppSource(is_app="*" in bound)
    return AppSource(is_app=True, listed=True, title=_title(bound[_APP]))


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names that a module's code binds, outside of its functions and classes; ``*`` for unknown ones."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield child.name, child
        elif isinstance(child, ast.alias):
            yield child.asname or child.name.partition(".")[0], child
        elif isinstance(child, ast.Name):
            if isinstance(child.ctx, ast.Store):
                yield child.id, child
        else:
            yield from _bindings(child)


def _title(node: ast.AST) -> str:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return ""
    for each in node.decorator_list:
        if isinstance(each, ast.Call) and ast.unparse(each.func).rpartition(".")[2] in _TITLES:
            for keyword in each.keywords:
                if keyword.arg == "title" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
    return (ast.get_docstring(node) or "").partition("\n\n")[0]
