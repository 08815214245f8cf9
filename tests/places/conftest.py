"""Fixtures: the environments that tools/environments.py makes, and a browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import browser_context  # noqa: F401 -- a fixture

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def python_of() -> Callable[[str], str]:
    """Return the Python of an environment of tools/environments.py."""
    folder = Path(os.environ.get("NBSESSION_TEST_ENVIRONMENTS", ROOT / ".venvs"))

    def python_of(name: str) -> str:
        python = folder / name / "bin" / "python"
        if not python.exists():
            msg = f"there is no environment {name}: python3 tools/environments.py {name}"
            raise RuntimeError(msg)
        return str(python)

    return python_of
