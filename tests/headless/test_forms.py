"""Forms and pins on the headless page, which nobody sees."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.kernel.kernel_process import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from .headless_kernel import HeadlessKernel

ASK = "import nbsession.input as inputs\n"


def test_a_form_with_initial_values_is_submitted(kernel: HeadlessKernel) -> None:
    fields = "inputs.input('Name', name='name', value='Ada'), inputs.select('City', ['Paris', 'Rome'], name='city')"
    assert kernel.value(ASK + f"inputs.input_group('You', [{fields}])") == {"name": "Ada", "city": "Paris"}


def test_a_form_that_nobody_can_answer_raises(kernel: HeadlessKernel) -> None:
    outcome = kernel.run(ASK + "inputs.input('Your age')")
    assert (outcome.error, "NBSESSION_INPUTS" in outcome.traceback) == ("UnansweredInputError", True)


def test_an_awaited_form_is_submitted(kernel: HeadlessKernel) -> None:
    assert kernel.value(ASK + "await inputs.input('Name', value='Ada')") == "Ada"


def test_a_pin_has_its_value(kernel: HeadlessKernel) -> None:
    code = "from nbsession.pin import pin, put_input\nput_input('city', value='Rome')\npin.city"
    assert kernel.value(code) == "Rome"


def test_a_script_gets_its_answers_from_a_file(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "answers.json").write_text(json.dumps({"Your age": 36}))
    (tmp_path / "app.py").write_text(
        "from nbsession.input import NUMBER, input\nprint(input('Your age', type=NUMBER) + 1)\n"
    )
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT), "NBSESSION_INPUTS": "answers.json"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("37\n", "")
