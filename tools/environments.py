"""Make the virtual environments under ``.venvs/`` that the Makefile's targets run in.

``python3 tools/environments.py NAME...`` makes the named ones, ``--list`` tells the names. An environment that is up to
date is left alone: its stamp tells what it was made from. ``[dependency-groups]`` of pyproject.toml lists what the
environments ``dev``, ``demo`` and ``bench`` have; the others are made for tests of one version or of one server.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VENVS = ROOT / ".venvs"
UV = VENVS / "uv" / "bin" / "uv"
OLDEST_PYTHON = (3, 10)
# Not sys.executable: in an activated environment that is its link, and the environment may be one that is made anew.
PYTHON = str(getattr(sys, "_base_executable", sys.executable))


@dataclass(frozen=True)
class Environment:
    """What is installed beside nbsession.

    Parameters
    ----------
    requirements
        As pip takes them.
    groups
        Of pyproject.toml's ``[dependency-groups]``, installed as well.
    python
        The version as ``3.N``, ``None`` for the Python that runs this script.
    editable
        Take nbsession from the work tree, not from a wheel.
    foreign
        It has no nbsession: the environment of a server whose kernels have one of their own.
    """

    requirements: tuple[str, ...] = ()
    groups: tuple[str, ...] = ("kernels",)
    python: str | None = None
    editable: bool = False
    foreign: bool = False


ENVIRONMENTS = {
    "dev": Environment(groups=("dev",), editable=True),
    "demo": Environment(groups=("demo",)),
    "bench": Environment(groups=("bench",)),
    "binder": Environment(("jupyter-repo2docker",), groups=()),
    "collaboration": Environment(
        ("jupyter-collaboration", "jupyter-server-nbmodel", "jupyterlab>=4.6", "ipykernel>=7")
    ),
    "foreign": Environment(("ipyparallel", "marimo", "xeus-python"), groups=()),
    "voila": Environment(("voila>=0.5",)),
    "hub": Environment(("jupyterhub>=5", "jupyterlab>=4.6")),
    "gateway": Environment(("jupyter-kernel-gateway>=3",)),
    # It wants a pyzmq that does not compile for a newer Python.
    "enterprise-gateway": Environment(("jupyter_enterprise_gateway>=3.3",), python="3.11"),
    "lab-without-anywidget": Environment(("jupyterlab>=4.6", "jupyterlab_widgets"), groups=(), foreign=True),
    "lab-without-widgets": Environment(("jupyterlab>=4.6",), groups=(), foreign=True),
    "notebook": Environment(("notebook>=7", "ipykernel<7")),
    "ipykernel-6.29.5": Environment(("ipykernel==6.29.5",)),
    "ipykernel-6.31": Environment(("ipykernel==6.31.*",)),
    "ipykernel-7.0.1": Environment(("ipykernel==7.0.1",)),
    "ipykernel-7.3": Environment(("ipykernel==7.3.*",)),
    "python-3.10": Environment(("ipykernel",), python="3.10"),
    "python-3.11": Environment(("ipykernel",), python="3.11"),
    "python-3.12": Environment(("ipykernel",), python="3.12"),
    "python-3.13": Environment(("ipykernel",), python="3.13"),
    "python-3.14": Environment(("ipykernel",), python="3.14"),
}
MATRIX = [name for name in ENVIRONMENTS if name.startswith(("ipykernel-", "python-"))]


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", choices=[*ENVIRONMENTS, []], metavar="NAME")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"nbsession needs Python 3.10 or newer; this is {sys.version.split()[0]}")
    if arguments.list:
        print(*ENVIRONMENTS, sep="\n")
    for name in arguments.names:
        make(name)


def make(name: str) -> bool:
    """Make an environment, or bring it up to date; tell whether it is there."""
    environment = ENVIRONMENTS[name]
    base = find_python(environment.python)
    if base is None:
        print(f"{name}: left out, there is no Python {environment.python} here", file=sys.stderr)
        return False
    _bootstrap_uv()
    folder = VENVS / name
    wheel = None if environment.editable or environment.foreign else _wheel()
    requirements = [*environment.requirements, *requirements_of(environment.groups)]
    source = _digest(wheel or ROOT / "pyproject.toml")
    others = hashlib.sha256("\n".join([base, str(ROOT), *requirements]).encode()).hexdigest()
    stamp, wanted = folder / "stamp", f"{others}\n{source}\n"
    made = stamp.read_text() if stamp.exists() else ""
    if made == wanted:
        return True
    print(f"making the environment .venvs/{name}", file=sys.stderr)
    if not made.startswith(others):
        shutil.rmtree(folder, ignore_errors=True)
        _run(UV, "venv", "--quiet", "--no-python-downloads", "--python", base, folder)
    project: list[str | Path] = []
    if not environment.foreign:
        project = ["--reinstall-package", "nbsession", *([wheel] if wheel else ["--editable", ROOT])]
    _run(UV, "pip", "install", "--quiet", "--python", _python_of(folder), *project, *requirements)
    stamp.write_text(wanted)
    return True


def requirements_of(groups: tuple[str, ...]) -> list[str]:
    """Return what groups of pyproject.toml have in them, in the order in which it stands there."""
    every = read_toml(ROOT / "pyproject.toml")["dependency-groups"]
    return [requirement for group in groups for requirement in _members(group, every)]


def _members(group: str, every: dict[str, list[Any]]) -> Iterator[str]:
    for member in every[group]:
        if isinstance(member, str):
            yield member
        else:
            yield from _members(member["include-group"], every)


def read_toml(file: Path) -> dict[str, Any]:
    """Return what a TOML file says."""
    text = file.read_text(encoding="utf-8")
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415 -- Python 3.10 has none

        return tomllib.loads(text)
    return read_toml_by_pip(text)


def read_toml_by_pip(text: str) -> dict[str, Any]:
    """Have the Python that uv was installed with read it: its pip brings a reader."""
    code = "import json, sys; from pip._vendor import tomli; json.dump(tomli.loads(sys.stdin.read()), sys.stdout)"
    outcome = subprocess.run(
        [str(_python_of(VENVS / "uv")), "-c", code],
        input=text,
        check=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
    )
    content: dict[str, Any] = json.loads(outcome.stdout)
    return content


def _bootstrap_uv() -> None:
    """Install uv with pip: from then on an environment is a matter of seconds."""
    if UV.exists():
        return
    shutil.rmtree(VENVS / "uv", ignore_errors=True)
    try:
        _run(PYTHON, "-m", "venv", VENVS / "uv")
    except subprocess.CalledProcessError:
        sys.exit(
            "this Python makes no virtual environments: install its venv module (python3-venv on Debian, Ubuntu)"
        )
    _run(_python_of(VENVS / "uv"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")


def _wheel() -> Path:
    """Return the wheel of the work tree, built when something in it is newer."""
    folder = VENVS / "wheel"
    sources = [
        ROOT / "pyproject.toml",
        ROOT / "hatch_build.py",
        ROOT / "README.md",
        ROOT / "pytest_nbsession.py",
        *_files("nbsession"),
        *_files("js"),
    ]
    newest = max(source.stat().st_mtime for source in sources)
    wheels = sorted(folder.glob("*.whl"))
    if not wheels or wheels[0].stat().st_mtime < newest:
        shutil.rmtree(folder, ignore_errors=True)
        print("building the wheel", file=sys.stderr)
        _run(UV, "build", "--quiet", "--wheel", "--python", PYTHON, "--out-dir", folder, ROOT)
        wheels = sorted(folder.glob("*.whl"))
    return wheels[0]


def _files(folder: str) -> list[Path]:
    skipped = {"node_modules", "__pycache__", "static"}
    files = (file for file in (ROOT / folder).rglob("*") if not skipped & set(file.parts))
    return [file for file in files if file.is_file()]


def find_python(version: str | None) -> str | None:
    """Return a Python of this version: on PATH or in pyenv's folder."""
    if version is None:
        return PYTHON
    candidates = [shutil.which(f"python{version}")]
    candidates += sorted(map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python")), reverse=True)
    return next((found for found in candidates if found and _version_of(found) == version), None)


def _version_of(python: str) -> str | None:
    """Return ``3.N``, ``None`` for what does not run: a shim for a Python that is not chosen, say."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    outcome = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return outcome.stdout.strip() if outcome.returncode == 0 else None


def _python_of(folder: Path) -> Path:
    return folder / "bin" / "python"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _run(*command: str | Path) -> None:
    """Run a command; what it prints goes to stderr, since stdout is for what this script answers."""
    subprocess.run([str(part) for part in command], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"failed: {' '.join(error.cmd)}")
