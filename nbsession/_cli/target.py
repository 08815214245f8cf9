"""The targets of ``serve``: functions of files and modules."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
import traceback
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbsession.exceptions import SessionNotFoundException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import ModuleType

    from nbsession._core.app import AppFunction

# The functions for a target without a function's name.
_NAMES = ("index", "main")


class TargetError(Exception):
    """The target is not an app. The message is for the user of the command line."""


class LoadError(Exception):
    """Importing the target's code failed; ``__cause__`` is the exception."""


def find_apps(targets: Iterable[str]) -> dict[str, AppFunction]:
    """Import targets and return their apps by name.

    An app is named after its function, or after its module if several functions have the same name.

    Parameters
    ----------
    targets : iterable of str
        ``app.py``, ``app.py:main`` or ``package.module:main``.

    Raises
    ------
    TargetError
        If there is no such file, module or function, or two apps would have the same name.
    LoadError
        If importing one failed.
    """
    found = [_find(target) for target in targets]
    functions = [name for _, name, _ in found]
    apps: dict[str, AppFunction] = {}
    for module, function, app in found:
        name = function if functions.count(function) == 1 else module
        if name in apps:
            msg = f"two apps are named {name!r}: give one of the functions another name"
            raise TargetError(msg)
        apps[name] = app
    return apps


def find_folder(targets: Sequence[str]) -> str | None:
    """Return the target that is a folder of apps; None if there is none.

    Raises
    ------
    TargetError
        If there are other targets as well.
    """
    folder = next((target for target in targets if _is_folder(target)), None)
    if folder is not None and len(targets) > 1:
        msg = f"a folder is served alone, not with other targets: {folder}"
        raise TargetError(msg)
    return folder


def _is_folder(target: str) -> bool:
    """Return whether a target is a folder of apps. A package without a slash in its name is a module."""
    folder = Path(target)
    named = "/" in target or os.sep in target
    return folder.is_dir() and (named or not (folder / "__init__.py").is_file())


def _find(target: str) -> tuple[str, str, AppFunction]:
    place, name = _split(target)
    module = _load(place)
    if name is None:
        name = next((name for name in _NAMES if callable(getattr(module, name, None))), None)
        if name is None:
            msg = f"{place} has no function index or main; {_offer(place, module)}"
            raise TargetError(msg)
    app: Any = module
    for part in name.split("."):
        app = getattr(app, part, None)
    if app is None:
        msg = f"{place} has no function {name}; {_offer(place, module)}"
        raise TargetError(msg)
    if not callable(app):
        msg = f"{target} is not a function, but of type {type(app).__name__}; {_offer(place, module)}"
        raise TargetError(msg)
    if not _takes_nothing(app):
        msg = f"{name}() of {place} needs arguments; an app is called without arguments"
        raise TargetError(msg)
    return module.__name__.rpartition(".")[2], name.rpartition(".")[2], app


def _split(target: str) -> tuple[str, str | None]:
    """Split a target into place and function name. On Windows, the place may contain a colon."""
    place, _, name = target.rpartition(":")
    if place and all(part.isidentifier() for part in name.split(".")):
        return place, name
    return target, None


def _load(place: str) -> ModuleType:
    # Imported here: tests of the pure functions need no server.
    from nbsession._server.run.process import LOADING, StartedWhileLoadingError, give_way  # noqa: PLC0415

    load = _file_loader(place) if _is_file(place) else _module_loader(place)
    give_way()  # output of the code during its import belongs to no page
    loading = LOADING.set(True)
    try:
        return load()
    except StartedWhileLoadingError as error:
        msg = (
            f"{place} calls start_server() itself: put the call below `if __name__ == '__main__':`, "
            "or run the file with python"
        )
        raise LoadError(msg) from error
    except SessionNotFoundException as error:
        msg = (
            f"{place} uses the page while it is imported: do this in a function, or run the file with python"
        )
        raise LoadError(msg) from error
    except TargetError:
        raise
    except (Exception, SystemExit) as error:
        msg = f"{place} cannot be imported: {_tell(error, place)}"
        raise LoadError(msg) from error
    finally:
        LOADING.reset(loading)


def _is_file(place: str) -> bool:
    return place.endswith(".py") or "/" in place or "\\" in place or Path(place).is_file()


def _file_loader(place: str) -> Callable[[], ModuleType]:
    path = Path(place).resolve()
    if not path.is_file():
        msg = f"there is no file {place}"
        raise TargetError(msg)

    def load() -> ModuleType:
        name = path.stem
        known = sys.modules.get(name)
        if known is not None:
            if getattr(known, "__file__", None) == str(path):
                return known
            name = f"{name}_"  # a file with the name of another module or target
        spec = spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            msg = f"{place} is not a Python file"
            raise TargetError(msg)
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        module = sys.modules[name] = module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]  # like Python's own import
            raise
        return module

    return load


def _module_loader(place: str) -> Callable[[], ModuleType]:
    def load() -> ModuleType:
        try:
            return importlib.import_module(place)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{place}.".startswith(f"{error.name}."):
                raise
            msg = f"there is no module {error.name} here; for a file, add the suffix: {place}.py"
            raise TargetError(msg) from error

    return load


def _offer(place: str, module: ModuleType) -> str:
    """Return a list of the available functions, as text."""
    functions = [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and value.__module__ == module.__name__
        and not name.startswith("_")
        and _takes_nothing(value)
    ]
    if not functions:
        return "it has no function that takes no arguments"
    return f"it has: {', '.join(functions)} (use {place}:{functions[0]})"


def _takes_nothing(function: Callable[..., object]) -> bool:
    try:
        inspect.signature(function).bind()
    except TypeError:
        return False
    except ValueError:  # a built-in function without a signature
        return True
    return True


def _tell(error: BaseException, place: str) -> str:
    """Describe an exception in one line, with the line of the target that caused it."""
    said = traceback.format_exception_only(error)[-1].strip()
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {said}"
    frames = traceback.extract_tb(error.__traceback__)
    file = Path(place).name if _is_file(place) else f"{place.rpartition('.')[2]}.py"
    own = [frame.lineno for frame in frames if Path(frame.filename).name == file]
    return f"line {own[-1]}: {said}" if own else said
