"""The client is built when it has to be, by npm, and a missing npm matters only then."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
OLD, NEW = 1_000_000_000, 1_000_000_100


@pytest.fixture
def hatch_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Repository:
    """A clone with one source file; `npm` is a program that notes its arguments and writes the bundle."""

    def __init__(self, root: Path, hatch_build: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.warnings: list[str] = []
        self.has_npm = True
        self.npm_calls: list[str] = []
        self._bundle = hatch_build.BUNDLE
        self._hook = hatch_build.ClientBuildHook(str(root), {}, None, None, "", "wheel", self)
        self.write("js/src/link.ts", "js/build.mjs", "js/package.json", "js/package-lock.json", at=OLD)
        monkeypatch.setattr(hatch_build.shutil, "which", lambda _name: "npm" if self.has_npm else None)
        monkeypatch.setattr(subprocess, "run", self._run)

    def write(self, *names: str, at: int) -> None:
        for name in names:
            file = self.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
            os.utime(file, (at, at))

    def write_bundle(self, *, at: int) -> None:
        self.write(*(f"nbsession/static/{name}" for name in self._bundle), at=at)

    def build(self) -> None:
        self._hook.initialize("standard", {})

    def display_warning(self, message: str) -> None:
        self.warnings.append(message)

    def _run(self, command: list[str], **_options: object) -> None:
        self.npm_calls.append(command[1])
        if command[1] == "ci":
            self.write("js/node_modules/.package-lock.json", at=NEW)


@pytest.fixture
def repository(tmp_path: Path, hatch_build: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Repository:
    return Repository(tmp_path, hatch_build, monkeypatch)


def test_a_clean_clone_installs_and_builds(repository: Repository) -> None:
    repository.build()
    assert repository.npm_calls == ["ci", "run"]


def test_a_bundle_newer_than_its_sources_is_taken_as_it_is(repository: Repository) -> None:
    repository.write_bundle(at=NEW)
    repository.build()
    assert repository.npm_calls == []


def test_a_bundle_as_old_as_its_sources_is_taken_as_it_is(repository: Repository) -> None:
    repository.write_bundle(at=OLD)
    repository.build()
    assert repository.npm_calls == []


def test_a_changed_source_is_built_without_installing_again(repository: Repository) -> None:
    repository.write_bundle(at=OLD)
    repository.write("js/node_modules/.package-lock.json", "js/src/link.ts", at=NEW)
    repository.build()
    assert repository.npm_calls == ["run"]


def test_without_npm_an_older_bundle_is_taken_with_a_warning(repository: Repository) -> None:
    repository.has_npm = False
    repository.write_bundle(at=OLD)
    repository.write("js/src/link.ts", at=NEW)
    repository.build()
    assert repository.warnings == ["no npm on PATH: taking the client as it was built before"]


def test_without_npm_and_bundle_the_error_says_what_to_install(repository: Repository) -> None:
    repository.has_npm = False
    with pytest.raises(RuntimeError, match=r"needs Node\.js 20 or newer.*a wheel or an sdist"):
        repository.build()
