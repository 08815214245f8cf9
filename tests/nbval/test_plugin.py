"""``pytest --nbval --nbsession`` in a project of somebody else's."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from .conftest import Cells, Run, started

Write = Callable[[str, Cells], Path]
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "testing.md"
# The app that the documentation speaks of.
COUNTER = """
from nbsession import local
from nbsession.output import put_button, put_text

def counter():
    put_button("Add", onclick=add)

def add():
    local.count = (local.count or 0) + 1
    put_text(local.count)
"""
NBVAL = ("pytest", "--nbval", "--nbsession", "--nbval-current-env", "--color=no")


def test_a_project_uses_it_as_the_readme_says(folder: Path, write: Write, run: Run) -> None:
    write(
        "report.ipynb",
        [
            ("from nbsession import eval_js, download\neval_js('20 + 1')", "21"),
            ("download('a.csv', 'n')", None),
        ],
    )
    (folder / "app.py").write_text(
        "from nbsession import download, eval_js\n"
        "def export():\n"
        "    return download(eval_js('prompt()') + '.csv', 'n')\n"
    )
    (folder / "conftest.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def reader(fake_browser):\n"
        "    fake_browser.answer('prompt()', 'Ada')\n"
        "    return fake_browser\n"
    )
    (folder / "test_app.py").write_text(
        "from app import export\n"
        "from nbsession import eval_js, run_js\n"
        "def test_it_saves(reader):\n"
        "    export()\n"
        "    assert reader.downloads == {'Ada.csv': b'n'}\n"
        "def test_it_saves_in_a_browser(nbsession_page):\n"
        "    run_js(\"window.prompt = () => 'Ada'\")\n"
        "    export().wait(60)\n"
        "    assert (nbsession_page.downloads / 'Ada.csv').read_bytes() == b'n'\n"
    )
    done = run(*NBVAL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
    assert not list(folder.glob("*.csv"))


def test_the_documentation_s_examples_pass(folder: Path, run: Run) -> None:
    examples = re.findall(r"```python\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    (folder / "test_documentation.py").write_text("\n".join([COUNTER, *examples]))
    done = run("pytest", "--color=no")
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout


def test_a_broken_value_fails_its_cell_and_both_values_are_shown(write: Write, run: Run) -> None:
    write(
        "broken.ipynb",
        [("from nbsession import eval_js", None), ("eval_js('[6, 7]')", "[6, 8]"), ("eval_js('1')", "1")],
    )
    done = run(*NBVAL)
    assert done.returncode == 1
    assert "1 failed, 2 passed" in done.stdout
    assert "FAILED broken.ipynb::Cell 1" in done.stdout
    assert "'[6, 8]' == '[6, 7]'" in done.stdout


def test_where_there_is_no_chromium_no_notebook_starts(
    folder: Path, write: Write, run: Run, tmp_path: Path
) -> None:
    write("never.ipynb", [("open('started', 'w').close()", None)])
    done = run(*NBVAL, PATH=str(tmp_path))
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    [line] = [line for line in done.stderr.splitlines() if line]
    assert line.startswith("ERROR: --nbsession: no Chromium was found")
    assert not (folder / "started").exists()


def test_the_browser_that_is_named_is_used(write: Write, run: Run) -> None:
    write("report.ipynb", [("from nbsession import eval_js\neval_js('1')", "1")])
    done = run(*NBVAL, NBSESSION_BROWSER="no-such-chromium")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "no-such-chromium" in done.stderr


# What a run of pytest finds in its environment, whether it runs notebooks or not.
NAMED = "import os\ndef test_it(): print('\\nfound', os.environ['NBSESSION_DOWNLOADS'])\n"


def downloads(done: subprocess.CompletedProcess[str]) -> Path:
    assert done.returncode == 0, done.stdout
    return Path(re.findall(r"^found (.*)$", done.stdout, re.MULTILINE)[0])


def test_a_folder_for_downloads_is_that_of_whoever_started_pytest(folder: Path, run: Run) -> None:
    (folder / "test_it.py").write_text(NAMED)
    done = run("pytest", "--nbsession", "-s", NBSESSION_DOWNLOADS="out")
    assert downloads(done) == folder / "out"
    assert f"their downloads are in {folder / 'out'}\n" in done.stdout


def test_a_run_leaves_other_runs_their_downloads(folder: Path, run: Run) -> None:
    (folder / "test_it.py").write_text(NAMED)
    ended = downloads(run("pytest", "--nbsession", "-s"))
    assert ended.is_dir()
    goes_on = ended.with_name(str(os.getpid()))
    goes_on.mkdir()
    latest = downloads(run("pytest", "--nbsession", "-s"))
    assert set(latest.parent.iterdir()) == {goes_on, latest}


def test_each_worker_of_a_run_has_its_own_downloads(folder: Path, run: Run) -> None:
    (folder / "test_it.py").write_text(NAMED)
    (folder / "worker.py").write_text(
        "import pytest\n"
        "@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_configure(config): config.workerinput = {'workerid': 'gw7'}\n"
    )
    done = run("pytest", "--nbsession", "-s", "-p", "worker", NBSESSION_DOWNLOADS=str(folder / "out"))
    assert downloads(done) == folder / "out" / "gw7"


def test_workers_share_out_notebooks_and_not_their_cells(folder: Path, run: Run) -> None:
    (folder / "test_it.py").write_text(
        "def test_it(pytestconfig): print('\\ndist', pytestconfig.option.dist)\n"
    )
    (folder / "workers.py").write_text(
        "def pytest_addoption(parser): parser.addoption('--dist', default='load')\n"  # as pytest-xdist's -n 2
    )
    done = run("pytest", "--nbsession", "-s", "-p", "no:xdist", "-p", "workers")
    assert "\ndist loadscope\n" in done.stdout


def test_a_run_without_a_cache_says_how_long_downloads_are_kept(folder: Path, run: Run) -> None:
    (folder / "test_it.py").write_text(NAMED)
    done = run("pytest", "--nbsession", "-s", "-p", "no:cacheprovider")
    assert f"their downloads are in {downloads(done)} until this run ends\n" in done.stdout
    assert not downloads(done).exists()


def test_without_the_option_what_went_nowhere_is_said_at_the_end(write: Write, run: Run) -> None:
    write("report.ipynb", [("from nbsession import run_js\nrun_js('1')", None), ("run_js('2')", None)])
    done = run("pytest", "--nbval", "--nbval-current-env", "--color=no")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("report.ipynb: no browser received this notebook's 2 run_js;") == 1
    assert "pytest --nbval --nbsession" in done.stdout


def test_an_error_of_run_js_fails_its_cell_and_is_told(write: Write, run: Run) -> None:
    write("report.ipynb", [("from nbsession import run_js", None), ("run_js('nothing.at.all')", None)])
    done = run(*NBVAL)
    assert "1 failed, 1 passed" in done.stdout
    assert "FAILED report.ipynb::Cell 1" in done.stdout
    error = "ReferenceError: nothing is not defined, in the code: nothing.at.all"
    assert f"report.ipynb: an error on the page: {error}\n" in done.stdout


ASKS = [
    ("from nbsession.input import input", None),
    ("# NBVAL_IGNORE_OUTPUT\nnames = [input('Name', value='nobody') for _ in range(2)]", None),
    ("names", "['Ada', 'Alan']"),
]


def test_forms_take_the_answers_beside_their_notebook(folder: Path, write: Write, run: Run) -> None:
    write("asks.ipynb", ASKS)
    write("without.ipynb", [*ASKS[:2], ("names", "['nobody', 'nobody']")])
    (folder / "asks.inputs.json").write_text('{"Name": {"in turn": ["Ada", "Alan"]}}')
    done = run(*NBVAL)
    assert done.returncode == 0, done.stdout


def test_forms_take_the_answers_of_whoever_started_pytest(folder: Path, write: Write, run: Run) -> None:
    (folder / "notebooks").mkdir()
    write("notebooks/asks.ipynb", [*ASKS[:2], ("names", "['Grace', 'Grace']")])
    (folder / "notebooks" / "asks.inputs.json").write_text('{"Name": "Ada"}')
    (folder / "chosen.json").write_text('{"Name": "Grace"}')
    done = run(*NBVAL, NBSESSION_INPUTS="chosen.json")
    assert done.returncode == 0, done.stdout


def test_runs_that_do_not_use_it_do_not_import_nbsession(folder: Path, run: Run) -> None:
    (folder / "test_it.py").write_text(
        "import sys\ndef test_it(): assert not [name for name in sys.modules if name.startswith('nbsession')]\n"
    )
    done = run("pytest", "--color=no", "-p", "no:nbval")
    assert done.returncode == 0, done.stdout
    assert "nbsession-" in done.stdout  # among the plugins


def test_it_needs_neither_nbval_nor_playwright(folder: Path, run: Run) -> None:
    (folder / "test_it.py").write_text(
        "import sys\nsys.modules.update({'nbval': None, 'playwright': None})\n"
        "from nbsession import eval_js\n"
        "def test_it(fake_browser):\n    fake_browser.answer('1', 1)\n    assert eval_js('1') == 1\n"
        "def test_that(nbsession_page):\n    assert eval_js('1') == 1\n"
    )
    done = run("pytest", "--color=no", "-p", "no:nbval", "--nbsession")
    assert done.returncode == 0, done.stdout


# Writes down what belongs to the kernel's page: the pids of its processes, and its profile's folder.
FAMILY = """
import json, psutil
from nbsession import eval_js

eval_js("1")
browser = psutil.Process().children(recursive=True)
def command(process):
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # it has ended meanwhile, as those do that only start others
        return []
switches = [switch for process in browser for switch in command(process)]
[profile] = {switch.partition("=")[2] for switch in switches if switch.startswith("--user-data-dir=")}
with open("family.json", "w") as file:
    json.dump([[process.pid for process in browser], profile], file)
"""


def test_nothing_is_left_behind(folder: Path, write: Write, run: Run) -> None:
    write("report.ipynb", [(FAMILY, None)])
    done = run(*NBVAL)
    assert done.returncode == 0, done.stdout
    assert_gone(folder)


def test_nothing_is_left_behind_by_a_run_that_is_killed(
    folder: Path, write: Write, environment: dict[str, str]
) -> None:
    os.mkfifo(folder / "reached")
    write(
        "endless.ipynb",
        [(FAMILY, None), ("open('reached', 'w').close()\neval_js('new Promise(() => {})')", None)],
    )
    with started(NBVAL, folder, environment) as pytest_process:
        (folder / "reached").open().close()
        pytest_process.kill()
    assert_gone(folder)


def assert_gone(folder: Path) -> None:
    """Wait for the processes of the page to end; its profile is gone with them."""
    pids, profile = json.loads((folder / "family.json").read_text())
    assert pids
    family = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            family.append(psutil.Process(pid))
    _, alive = psutil.wait_procs(family, timeout=120)
    assert not alive
    assert not Path(profile).exists()
