"""Files of apps: which are apps, and when their code runs."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._server.folder.app_modules import AppModules, LoadError
from nbsession._server.folder.app_source import AppSource, source_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _modules_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("sys.path", [*sys.path])
    former = set(sys.modules)
    yield
    for name in set(sys.modules) - former:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("code", "source"),
    [
        ("def main(): ...", AppSource(is_app=True, listed=True)),
        ("def main():\n    'Title.'", AppSource(is_app=True, listed=True, title="Title.")),
        ("async def main():\n    'Title.\\n\\nMore.'", AppSource(is_app=True, listed=True, title="Title.")),
        (
            "@nbsession.config(title='Given')\ndef main():\n    'Docs'",
            AppSource(is_app=True, listed=True, title="Given"),
        ),
        ("main = {'a': f}", AppSource(is_app=True, listed=True)),
        ("if True:\n    def main(): ...", AppSource(is_app=True, listed=True)),
        ("from shop import main", AppSource(is_app=True, listed=True)),
        ("from shop import run as main", AppSource(is_app=True, listed=True)),
        ("from shop import *", AppSource(is_app=True)),
        ("def f():\n    def main(): ...", AppSource(is_app=False)),
        ("class A:\n    def main(self): ...", AppSource(is_app=False)),
        ("main()", AppSource(is_app=False)),
        ("", AppSource(is_app=False)),
        ("def main(:", AppSource(is_app=True)),
    ],
)
def test_the_source_says_whether_a_file_is_an_app(tmp_path: Path, code: str, source: AppSource) -> None:
    (tmp_path / "a.py").write_text(code)
    assert source_of(tmp_path / "a.py") == source


def value(modules: AppModules, file: Path, *, reload: bool = False) -> Any:
    """What a file's only app returns."""
    (app,) = modules.load(file, reload=reload).apps.values()
    return app()


def write(file: Path, code: str, time: int) -> None:
    file.write_text(code)
    os.utime(file, (time, time))


def test_a_file_is_loaded_once(tmp_path: Path) -> None:
    file, modules = tmp_path / "a.py", AppModules(tmp_path)
    write(file, "made = object()\ndef main(): return made", 1)
    assert value(modules, file) is value(modules, file) is value(modules, file, reload=True)


def test_a_changed_file_is_loaded_again_on_request(tmp_path: Path) -> None:
    file, modules = tmp_path / "a.py", AppModules(tmp_path)
    write(file, "def main(): return 1", 1)
    before = value(modules, file)
    write(file, "def main(): return 2", 2)
    assert (before, value(modules, file), value(modules, file, reload=True)) == (1, 1, 2)


def test_a_file_that_fails_is_tried_again(tmp_path: Path) -> None:
    file, modules = tmp_path / "a.py", AppModules(tmp_path)
    write(file, "1 / 0\ndef main(): ...", 1)
    with pytest.raises(LoadError) as caught:
        value(modules, file)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    write(file, "def main(): return 2", 1)
    assert value(modules, file) == 2


def test_the_former_code_is_kept_if_the_changed_file_fails(tmp_path: Path) -> None:
    file, modules = tmp_path / "a.py", AppModules(tmp_path)
    write(file, "def main(): return 1", 1)
    value(modules, file)
    write(file, "1 / 0\ndef main(): ...", 2)
    with pytest.raises(LoadError):
        value(modules, file, reload=True)
    assert value(modules, file) == 1


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit",
        "main = 7",
        "def main():\n    yield",
        "main = []",
        "from nbsession import start_server\nstart_server(print)\nmain = print",
    ],
)
def test_code_that_is_no_app_is_an_error_of_loading(tmp_path: Path, code: str) -> None:
    (tmp_path / "a.py").write_text(code)
    with pytest.raises(LoadError):
        AppModules(tmp_path).load(tmp_path / "a.py", reload=False)


def test_a_module_may_import_those_beside_it_and_have_dataclasses(tmp_path: Path) -> None:
    (tmp_path / "A").mkdir()
    (tmp_path / "A" / "beside.py").write_text("value = 3")
    code = (
        "from __future__ import annotations\nimport dataclasses\nimport typing\n"
        "@dataclasses.dataclass\nclass Data:\n    n: typing.ClassVar[int]\n"
        "def main():\n    import beside\n    return beside.value"
    )
    (tmp_path / "A" / "a.b.py").write_text(code)
    assert value(AppModules(tmp_path), tmp_path / "A" / "a.b.py") == 3


def test_files_of_one_name_are_two_modules(tmp_path: Path) -> None:
    (tmp_path / "A").mkdir()
    (tmp_path / "a.py").write_text("def main(): return 1")
    (tmp_path / "A" / "a.py").write_text("def main(): return 2")
    modules = AppModules(tmp_path)
    assert [value(modules, tmp_path / name) for name in ("a.py", "A/a.py", "a.py")] == [1, 2, 1]


def test_one_file_may_have_several_apps(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("main = {'x': print, 'y': print}")
    assert set(AppModules(tmp_path).load(tmp_path / "a.py", reload=False).apps) == {"index", "x", "y"}
