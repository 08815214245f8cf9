"""Python, packages, the built client, environment variables."""

from __future__ import annotations

import difflib
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbsession
from nbsession._core.chunks import CHUNKS

from .check import Check, State

_STATIC = Path(nbsession.__file__).parent / "static"
_CHUNKS = tuple(f"{name}.js" for name in sorted(CHUNKS))
_CLIENT = ("bridge.js", "view.js", "page.js", *_CHUNKS, "nbsession.css", "page.css")
_OLDEST_PYTHON = (3, 10)
# nbsession's dependencies and their minimum versions; and packages that only the Jupyter server needs.
_NEEDED = {"ipykernel": (6, 29), "ipywidgets": (8,), "anywidget": (0, 9, 13)}
_BESIDE = ("tornado", "jupyter_client", "jupyterlab", "notebook", "jupyter_server", "jupyterlab_widgets")
_VARIABLES = (
    "NBSESSION_BROWSER",
    "NBSESSION_BROWSER_ARGS",
    "NBSESSION_DOWNLOADS",
    "NBSESSION_INPUTS",
    "NBSESSION_LEASE",
    "NBSESSION_NOTES",
    "NBSESSION_REDIRECT_FILE",
    "NBSESSION_TRANSPORT",
)


def check_python() -> list[Check]:
    """Check the version of Python."""
    found = f"{platform.python_version()}, {sys.executable}"
    if sys.version_info < _OLDEST_PYTHON:
        return [Check("Python", State.PROBLEM, found, "nbsession needs Python 3.10 or newer")]
    return [Check("Python", State.OK, found)]


def check_packages() -> list[Check]:
    """Check the installed packages, and the versions of the dependencies."""
    checks = [Check("nbsession", State.OK, f"{_version('nbsession') or 'from source'}, {_STATIC.parent}")]
    checks += [_check_needed(name, oldest) for name, oldest in _NEEDED.items()]
    beside = [f"{name} {found}" for name in _BESIDE if (found := _version(name))]
    checks.append(Check("other packages", State.OK, ", ".join(beside) or "no Jupyter packages"))
    return checks


def _check_needed(name: str, oldest: tuple[int, ...]) -> Check:
    found, wanted = _version(name), ".".join(map(str, oldest))
    remedy = f"{Path(sys.executable).name} -m pip install '{name}>={wanted}'"
    if found is None:
        return Check(name, State.PROBLEM, "missing", remedy)
    if release(found) < oldest:
        return Check(name, State.PROBLEM, f"{found} is older than {wanted}", remedy)
    return Check(name, State.OK, found)


def release(found: str) -> tuple[int, ...]:
    """Return the leading numbers of a version, which are sufficient here: (7, 0) for ``7.0rc1``."""
    numbers: list[int] = []
    for part in found.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if digits:
            numbers.append(int(digits))
        if digits != part:
            break
    return tuple(numbers)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def check_client() -> list[Check]:
    """Check that the client is built."""
    missing = [name for name in _CLIENT if not (_STATIC / name).is_file()]
    if missing:
        remedy = "install nbsession from a wheel; in a clone: cd js && npm ci && npm run build"
        return [Check("built client", State.PROBLEM, f"{', '.join(missing)} not in nbsession/static", remedy)]
    size = sum((_STATIC / name).stat().st_size for name in _CLIENT)
    return [Check("built client", State.OK, f"{len(_CLIENT)} files, {size // 1024} KiB")]


def check_variables() -> list[Check]:
    """Check the environment variables."""
    from nbsession._jupyter.direct.direct_sockets import (  # noqa: PLC0415 -- it needs ipykernel
        wanted_by_environment,
    )
    from nbsession._jupyter.pages.lease import lease_from_environment  # noqa: PLC0415

    given = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("NBSESSION_") and not name.startswith("NBSESSION_TEST_")
    }
    checks = []
    for name in sorted(given.keys() - set(_VARIABLES)):
        close = difflib.get_close_matches(name, _VARIABLES, 1)
        remedy = f"did you mean {close[0]}?" if close else "unset it"
        checks.append(Check("variables", State.WARNING, f"{name} is not a variable of nbsession", remedy))
    for read in (lease_from_environment, wanted_by_environment):
        try:
            read()
        except ValueError as error:
            checks.append(Check("variables", State.PROBLEM, str(error), "unset or correct it"))
    if not checks:
        found = ", ".join(f"{name}={value}" for name, value in sorted(given.items()))
        checks.append(Check("variables", State.OK, found or "no NBSESSION_* is set"))
    return checks
