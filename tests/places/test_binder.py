"""Binder: what repo2docker says it would do is done in a clean environment, and the quickstart runs there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import BrowserContext

from tests.browser.jupyter_server import FRONTENDS, JupyterServer
from tests.browser.notebook_page import NotebookPage

from .conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
# What of repo2docker's base takes part, by its names in conda's lock file.
BASE = ("ipykernel", "jupyter_server", "jupyterlab", "notebook")
INSTALL_WITHIN = 900.0


@dataclass(frozen=True)
class Plan:
    """What repo2docker would do."""

    dockerfile: str
    python: str
    """``3.12``"""
    base: dict[str, str]
    """Names and versions of the packages that are there before."""

    @property
    def steps(self) -> list[str]:
        """The commands that install the repository's own, in their order."""
        own = self.dockerfile[self.dockerfile.index("# Run pre-assemble scripts") :]
        commands = re.findall(r"^RUN (.+(?:\\\n.+)*)", own, re.MULTILINE)
        return [command.replace("\\\n", "") for command in commands]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is, or is to be, in the repository."""
    folder = tmp_path_factory.mktemp("binder") / "clone"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def plan(clone: Path, python_of: Callable[[str], str]) -> Plan:
    """What ``jupyter-repo2docker --no-build --debug .`` says."""
    python = Path(python_of("binder"))
    said = subprocess.run(
        [python.with_name("jupyter-repo2docker"), "--no-build", "--debug", "."],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    dockerfile = said.stdout + said.stderr
    lock = re.search(r"environment-2epy-2d3-2e(\d+)-2dlinux-2d64-2elock", dockerfile)
    assert lock, dockerfile
    version = f"3.{lock[1]}"
    code = "import pathlib, repo2docker; print(pathlib.Path(repo2docker.__file__).parent)"
    package = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    packages = (
        Path(package, "buildpacks", "conda", f"environment.py-{version}-linux-64.lock")
        .read_text()
        .splitlines()
    )
    base = {}
    for name in (*BASE, "nodejs"):
        found = [match[1] for line in packages if (match := re.search(rf"/{name}-(\d[\d.]*)-", line))]
        assert len(found) == 1, (name, found)
        base[name] = found[0]
    return Plan(dockerfile, version, base)


@pytest.fixture(scope="module")
def installed(
    clone: Path, plan: Plan, python_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A virtual environment with repo2docker's base, in which its steps have been run. Returns its folder."""
    folder = tmp_path_factory.mktemp("binder-environment") / "environment"
    # The Python below the environment's: one made from an environment would not be clean.
    code = "import sys; print(getattr(sys, '_base_executable', sys.executable))"
    base = subprocess.run([python_of("binder"), "-c", code], capture_output=True, text=True, check=True)
    _run([base.stdout.strip(), "-m", "venv", str(folder)])
    pip = str(folder / "bin" / "pip")
    _run([pip, "install", "--quiet", *(f"{name}=={plan.base[name]}" for name in BASE)])
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))},
        "KERNEL_PYTHON_PREFIX": str(folder),
        "NB_PYTHON_PREFIX": str(folder),
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    for step in plan.steps:
        _run(["bash", "-c", step], cwd=clone, env=environment)
    return folder


def _run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=INSTALL_WITHIN,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"


@pytest.fixture(scope="module")
def lab(installed: Path, clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """JupyterLab of that environment, with the clone's notebooks."""
    python = str(installed / "bin" / "python")
    server = JupyterServer(python, python, FRONTENDS["lab"], tmp_path_factory.mktemp("jupyter"))
    shutil.copytree(clone / "notebooks", server.root / "notebooks")
    try:
        server.wait_until_started()
        yield server
    finally:
        server.stop()


def test_the_base_is_the_one_that_is_supported(plan: Plan) -> None:
    assert plan.base["ipykernel"].split(".")[0] in {"6", "7"}
    assert plan.base["jupyterlab"].startswith("4.")
    assert int(plan.base["nodejs"].split(".")[0]) >= 20


def test_the_steps_are_those_of_the_folder_binder(plan: Plan) -> None:
    assert plan.steps == [
        '${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r "binder/requirements.txt"',
        "chmod +x binder/postBuild",
        "./binder/postBuild",
    ]


def test_the_badge_leads_to_the_quickstart() -> None:
    links = re.findall(r"https://mybinder\.org/v2/gh/[^)\s]+", README)
    assert links
    for link in links:
        assert link.endswith("/HEAD?urlpath=lab/tree/notebooks/quickstart.ipynb")
    assert (ROOT / "notebooks" / "quickstart.ipynb").exists()


@pytest.mark.timeout(INSTALL_WITHIN)
def test_the_steps_install_the_server_extension_and_a_kernel_that_does_not_stop_reading(
    installed: Path,
) -> None:
    extensions = json.loads(
        (installed / "etc" / "jupyter" / "jupyter_server_config.d" / "nbsession.json").read_text()
    )
    assert extensions["ServerApp"]["jpserver_extensions"] == {"nbsession.server_extension": True}
    code = "from importlib.metadata import version; import nbsession; print(version('ipykernel'))"
    done = subprocess.run(
        [installed / "bin" / "python", "-c", code], cwd="/", capture_output=True, text=True, check=True
    )
    assert tuple(map(int, done.stdout.split(".")[:2])) >= (7, 4)


@pytest.mark.timeout(INSTALL_WITHIN)
def test_the_quickstart_runs(lab: JupyterServer, browser_context: BrowserContext) -> None:
    path = "notebooks/quickstart.ipynb"
    cells = nbformat.read(ROOT / path, as_version=4).cells
    code = [index for index, cell in enumerate(cells) if cell.cell_type == "code"]
    page = NotebookPage(browser_context, lab, path)
    try:
        page.run_all()
        outputs = [output for index in code for output in page.output_models(index)]
        [download] = page.wait_for_downloads(1)
    finally:
        page.close()
        lab.shut_down_kernel(path)
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert outputs[0]["data"]["text/plain"] == "2"
    assert download.suggested_filename == "squares.csv"
