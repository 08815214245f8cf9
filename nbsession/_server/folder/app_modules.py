"""Modules of apps: loaded from their files at the first request, and again on request when a file has changed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

from nbsession._apps.apps import with_index
from nbsession._server.run.process import LOADING

from .app_source import stamp_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import ModuleType

    from nbsession._core.app import AppFunction


class LoadError(Exception):
    """A file's code has raised an exception, which is the ``__cause__``."""


@dataclass(frozen=True)
class LoadedApps:
    """The apps of a file.

    Attributes
    ----------
    apps : mapping
        The apps by name; empty if the code has defined no ``main``.
    stamp : tuple
        The state of the file when it was loaded.
    """

    apps: Mapping[str, AppFunction]
    stamp: tuple[int, int, int]


class AppModules:
    """The loaded modules. Two threads must not load the same file at the same time.

    Parameters
    ----------
    base : Path
        The folder of the apps.
    """

    def __init__(self, base: Path) -> None:
        self._base = base.resolve()
        self._loaded: dict[Path, LoadedApps] = {}

    def load(self, file: Path, *, reload: bool) -> LoadedApps:
        """Return the apps of a file.

        Parameters
        ----------
        file : Path
            The file, without symbolic links.
        reload : bool
            Whether to load it again if it has changed since it was loaded.

        Raises
        ------
        LoadError
            If the code fails, or its ``main`` is no app.
        """
        loaded = self._loaded.get(file)
        if loaded is None or (reload and loaded.stamp != stamp_of(file)):
            loaded = self._loaded[file] = self._load(file)
        return loaded

    def _load(self, file: Path) -> LoadedApps:
        stamp = stamp_of(file)  # before it is read: a later change is then a change
        loading = LOADING.set(True)
        try:
            main = getattr(self._execute(file), "main", None)
            if main is None:
                return LoadedApps({}, stamp)
            return LoadedApps(with_index({file.stem: main} if callable(main) else main), stamp)
        except (Exception, SystemExit) as error:
            msg = f"{file} could not be loaded"
            raise LoadError(msg) from error
        finally:
            LOADING.reset(loading)

    def _execute(self, file: Path) -> ModuleType:
        # Without dots, which would make it a part of a package.
        name = "nbsession_apps/" + file.relative_to(self._base).with_suffix("").as_posix().replace(".", ":")
        spec = spec_from_file_location(name, file)
        assert spec is not None
        module = module_from_spec(spec)
        # The modules beside it can be imported, but replace none of other packages.
        if str(file.parent) not in sys.path:
            sys.path.append(str(file.parent))
        former = sys.modules.get(name)
        sys.modules[name] = module  # dataclasses and pickle look there
        try:
            # Not through the loader: its cache does not notice two changes in one second.
            exec(compile(file.read_bytes(), str(file), "exec", dont_inherit=True), vars(module))  # noqa: S102
        except BaseException:
            _restore(name, former)
            raise
        return module


def _restore(name: str, former: Any) -> None:
    """Forget a module that could not be loaded, as Python's own import does."""
    if former is None:
        sys.modules.pop(name, None)
    else:
        sys.modules[name] = former
