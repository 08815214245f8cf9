"""Bokeh's own ``show()`` shows in the session."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from bokeh.io import output_notebook, reset_output, show
from bokeh.plotting import figure

from nbsession.output import put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Screen


@pytest.fixture(autouse=True)
def _notebook() -> Iterator[None]:
    # Bokeh's types know its own two names only.
    output_notebook(notebook_type="nbsession")  # type: ignore[arg-type]
    yield
    reset_output()


def test_a_figure_is_shown_as_by_put(screen: Screen) -> None:
    plot = figure(title="Prices")
    show(plot)
    put(plot)
    shown, put_there = screen.nodes
    assert shown["kind"] == put_there["kind"]
    assert shown["data"].keys() == put_there["data"].keys()


@pytest.mark.parametrize(
    ("modules", "whose"),
    [
        (["nbsession", "bokeh.io"], "nbsession.platform._bokeh"),
        (["nbsession", "bokeh.io", "pywebio"], "pywebio.platform.bokeh"),
        (["pywebio", "nbsession"], "pywebio.platform.bokeh"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_the_original_s_name_is_ours_unless_it_is_imported(modules: list[str], whose: str) -> None:
    told = "print(bokeh.io.notebook._HOOKS['pywebio']['doc'].__module__)"
    code = f"import {', '.join(modules)}, bokeh.io.notebook; {told}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == whose


def test_bokeh_is_not_imported() -> None:
    code = "import nbsession, nbsession.output, sys; sys.exit('bokeh' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], timeout=60, check=True)
