"""Many commands: nothing lost, nothing out of order, no leak, no complaint of the server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import OpenNotebook

# One run of `make test-all` sets NBSESSION_TEST_LOAD; others have a fifth of the two loops that take minutes.
SHARE = 1 if os.environ.get("NBSESSION_TEST_LOAD") else 5

IMPORT = "from nbsession import *\n"


@pytest.mark.any_front_end
def test_a_hundred_thousand_run_js(open_notebook: OpenNotebook) -> None:
    code = """
for number in range(100_000):
    run_js("if (number !== (window.next ?? 0)) window.wrong = true; window.next = number + 1", number=number)
eval_js("[window.next, window.wrong]")
"""
    notebook = open_notebook([IMPORT + "eval_js('0')", code])
    notebook.run(0)
    notebook.run(1, timeout=240)
    assert notebook.outputs(1) == ["[100000, None]"]


def test_a_display_after_commands_sees_what_they_did(open_notebook: OpenNotebook) -> None:
    """Also that of the first cell, in which no page has attached yet."""
    code = """
from IPython.display import Javascript, display
for number in range(200):
    run_js("window.number = number", number=number)
display(Javascript("(window.seen ??= []).push(window.number); delete window.number"))
"""
    notebook = open_notebook([IMPORT + code, code, code, "eval_js('window.seen')"])
    notebook.run_all()
    assert notebook.outputs(3) == ["[199, 199, 199]"]


@pytest.mark.at_length
def test_evals_beside_five_thousand_displays_lose_nothing(open_notebook: OpenNotebook) -> None:
    code = """
from IPython.display import display
class Silent:
    def _repr_mimebundle_(self, **_): return {"application/x-nothing": "", "text/plain": "."}
good = 0
for number in range(COUNT):
    if number % 50 == 0:
        clear_output(wait=True)  # the page need not keep them all
    display(Silent())
    good += eval_js("number", number=number) == number
clear_output()
print(good)
"""
    count = 5_000 // SHARE
    first = IMPORT + f"from IPython.display import clear_output\nCOUNT = {count}\neval_js('0')"
    notebook = open_notebook([first, code])
    notebook.run(0)
    notebook.run(1, timeout=240)
    assert notebook.text(1) == str(count)


@pytest.mark.at_length
def test_a_burst_of_prints_delays_and_loses_nothing(open_notebook: OpenNotebook) -> None:
    code = """
import sys
for number in range(6_000):
    print(number, flush=True)
values = [eval_js("number", number=number) for number in range(100)]
clear_output()
print(values == list(range(100)))
"""
    notebook = open_notebook([IMPORT + "from IPython.display import clear_output\neval_js('0')", code])
    notebook.run(0)
    notebook.run(1, timeout=240)
    notebook.wait_for_text(1, "True")


@pytest.mark.at_length
def test_ten_thousand_evals_leave_no_future_behind(open_notebook: OpenNotebook) -> None:
    count = """() => {
        const panel = window.jupyterapp.shell.currentWidget;
        return panel.sessionContext.session.kernel._futures.size;
    }"""
    notebook = open_notebook(
        [IMPORT + "eval_js('0')", f"for number in range({10_000 // SHARE}): eval_js('number', number=number)"]
    )
    notebook.run(0)
    notebook.run(1, wait=False)
    notebook.wait_idle(timeout=240)
    before = 3  # at most one for each executed cell, and one for a message on its way
    notebook.wait_for(f"() => ({count})() <= {before}", timeout=60)
