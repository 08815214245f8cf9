"""Whatever runs notebooks, and scripts: the variable gives them a page."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.kernel.kernel_process import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_CELLS = (
    "from nbsession import download, eval_js\nfrom nbsession.output import put_text",
    "eval_js('window.shared = 20 + 1')",
    "put_text('seen')\neval_js('window.shared * 2')",
    "download('kept.txt', b'kept')",
)


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT), "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A notebook that needs a page."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{n}",
            "metadata": {},
            "outputs": [],
            "source": code,
        }
        for n, code in enumerate(_CELLS)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "notebook.ipynb"
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb", "notebook.ipynb"],
        ["-m", "papermill", "--no-progress-bar", "-k", "python3", "notebook.ipynb", "out.ipynb"],
    ],
    ids=["nbconvert", "papermill"],
)
def test_a_notebook_runs_as_it_does_for_a_reader(
    notebook: Path, environment: dict[str, str], command: list[str]
) -> None:
    done = _run(command, notebook.parent, environment)
    assert done.returncode == 0, done.stderr
    cells = json.loads((notebook.parent / "out.ipynb").read_text())["cells"]
    outputs = [[output["data"]["text/plain"] for output in cell["outputs"]] for cell in cells]
    assert [["".join(text) for text in each] for each in outputs][-4:] == [
        [],
        ["21"],
        ["nbsession view", "42"],
        [],
    ]
    view = next(
        output["data"] for cell in cells for output in cell["outputs"] if "text/html" in output["data"]
    )
    assert "<p>seen</p>" in "".join(view["text/html"])
    assert (notebook.parent / "kept.txt").read_text() == "kept"
    assert "tornado" not in done.stderr


def test_a_script_has_a_page_and_says_nothing_of_it(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "app.py").write_text(
        "from nbsession import download, eval_js, info, run_js\n"
        "run_js('window.x = 41')\n"
        "download('from-script.txt', b'kept')\n"
        "print(eval_js('++window.x'), info.frontend, info.timezone)\n"
    )
    done = _run(
        ["app.py"], tmp_path, {**environment, "NBSESSION_DOWNLOADS": str(tmp_path / "saved" / "here")}
    )
    assert (done.stdout, done.stderr) == ("42 headless UTC\n", "")
    assert (tmp_path / "saved" / "here" / "from-script.txt").read_bytes() == b"kept"


def test_a_script_writes_errors_of_its_page_on_stderr(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "app.py").write_text(
        "from nbsession import eval_js, run_js\n"
        "print(eval_js('nope.x'))\n"
        "for _ in range(3): run_js('throw new Error(1)')\n"
        "run_js('await Promise.reject(new Error(2))')\n"  # the last of all, and later than all
    )
    done = _run(["app.py"], tmp_path, environment)
    assert (done.returncode, done.stdout) == (0, "None\n")
    assert done.stderr.splitlines() == [
        "nbsession: an error on the page: ReferenceError: nope is not defined, in the code: nope.x",
        "nbsession: an error on the page: Error: 1, in the code: throw new Error(1)",
        "nbsession: an error on the page: Error: 2, in the code: await Promise.reject(new Error(2))",
        "nbsession: an error on the page: Error: 1 (3 times), in the code: throw new Error(1)",
    ]


def test_a_script_says_that_its_browser_has_ended(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "app.py").write_text(
        "import threading\n"
        "import psutil\n"
        "from nbsession import defer_call, eval_js\n"
        "ended = threading.Event()\n"
        "eval_js('1')\n"
        "defer_call(ended.set)\n"
        "[shell] = psutil.Process().children()\n"
        "shell.children()[0].kill()\n"
        "ended.wait(60)\n"
    )
    done = _run(["app.py"], tmp_path, environment)
    assert done.stderr == "nbsession: the headless browser has ended\n"


def test_terminal_ipython_has_a_page(tmp_path: Path, environment: dict[str, str]) -> None:
    code = "from nbsession import eval_js; print(eval_js('20 + 1') * 2)"
    own = {**environment, "IPYTHONDIR": str(tmp_path / "ipython")}
    done = _run(["-m", "IPython", "--no-banner", "--colors=NoColor", "-c", code], tmp_path, own)
    assert (done.stdout, done.stderr) == ("42\n", "")


def test_terminal_ipython_writes_errors_of_its_page_on_stderr(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    code = "from nbsession import run_js; run_js('nope.x')"
    own = {**environment, "IPYTHONDIR": str(tmp_path / "ipython")}
    done = _run(["-m", "IPython", "--no-banner", "--colors=NoColor", "-c", code], tmp_path, own)
    error = "an error on the page: ReferenceError: nope is not defined, in the code: nope.x"
    assert done.stderr == f"nbsession: {error}\n"


def test_a_script_without_a_browser_says_what_was_looked_for(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "app.py").write_text("from nbsession import run_js; run_js('1')")
    done = _run(["app.py"], tmp_path, {**environment, "PATH": str(tmp_path)})
    assert done.returncode == 1
    assert "looked for chromium, chromium-browser" in done.stderr.splitlines()[-1]
