"""What ``serve`` is to serve: functions of files and modules."""

from __future__ import annotations

import importlib
import inspect
import sys
import traceback
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbsession.exceptions import SessionNotFoundException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

    from nbsession._core.app import AppFunction

# What a target without a function's name stands for.
_NAMES = ("index", "main")


class TargetError(Exception):
    """The target is no app. The message is for whoever typed it."""


class LoadError(Exception):
    """The target's code failed when it was imported; its exception is the cause."""


def find_apps(targets: Iterable[str]) -> dict[str, AppFunction]:
    """Import targets and return their apps by name.

    An app's name is its function's; where several have the same one it is their modules'.

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
        msg = f"{target} is no function, but of type {type(app).__name__}; {_offer(place, module)}"
        raise TargetError(msg)
    if not _takes_nothing(app):
        msg = f"{name}() of {place} needs arguments; an app is called without"
        raise TargetError(msg)
    return module.__name__.rpartition(".")[2], name.rpartition(".")[2], app


def _split(target: str) -> tuple[str, str | None]:
    """Part the function's name from its place, which on Windows may have a colon of its own."""
    place, _, name = target.rpartition(":")
    if place and all(part.isidentifier() for part in name.split(".")):
        return place, name
    return target, None


def _load(place: str) -> ModuleType:
    # Here and not above: a test of the pure parts needs no server.
    from nbsession._server.run.process import LOADING, StartedWhileLoadingError, give_way  # noqa: PLC0415

    load = _file_loader(place) if _is_file(place) else _module_loader(place)
    give_way()  # what the code shows while it is imported belongs to nobody's page
    loading = LOADING.set(True)
    try:
        return load()
    except StartedWhileLoadingError as error:
        msg = (
            f"{place} calls start_server() by itself: put the call below `if __name__ == '__main__':`, "
            "or run the file with python"
        )
        raise LoadError(msg) from error
    except SessionNotFoundException as error:
        msg = f"{place} shows or asks something while it is imported: do so in a function, or run the file with python"
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
            name = f"{name}_"  # a file that is named as a module of Python's, or another's target
        spec = spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            msg = f"{place} is no Python file"
            raise TargetError(msg)
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        module = sys.modules[name] = module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]  # as Python's own import does
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
            msg = f"there is no module {error.name} here; a file is given with its ending: {place}.py"
            raise TargetError(msg) from error

    return load


def _offer(place: str, module: ModuleType) -> str:
    """Say which functions there are to choose from."""
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
    return f"it has: {', '.join(functions)} (say {place}:{functions[0]})"


def _takes_nothing(function: Callable[..., object]) -> bool:
    try:
        inspect.signature(function).bind()
    except TypeError:
        return False
    except ValueError:  # a built-in function that does not tell
        return True
    return True


def _tell(error: BaseException, place: str) -> str:
    """Tell an exception in a line, and the line of the target that it comes from."""
    said = traceback.format_exception_only(error)[-1].strip()
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {said}"
    frames = traceback.extract_tb(error.__traceback__)
    file = Path(place).name if _is_file(place) else f"{place.rpartition('.')[2]}.py"
    own = [frame.lineno for frame in frames if Path(frame.filename).name == file]
    return f"line {own[-1]}: {said}" if own else said
