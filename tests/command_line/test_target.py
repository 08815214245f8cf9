"""What ``serve`` takes for an app, and what it says of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession._cli.target import LoadError, TargetError, find_apps

if TYPE_CHECKING:
    from pathlib import Path

APP = """
def main(): return "main"
def other(): return "other"
def needs(something): ...
def _private(): ...
number = 3
"""


@pytest.fixture
def code(folder: Path) -> Path:
    (folder / "tool_a.py").write_text(APP)
    (folder / "tool_b.py").write_text("def main(): return 'b'\n")
    (folder / "package").mkdir()
    (folder / "package" / "__init__.py").touch()
    (folder / "package" / "pages.py").write_text("def index(): return 'index'\ndef main(): ...\n")
    return folder


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        (["tool_a.py:other"], {"other": "other"}),
        (["tool_a.py"], {"main": "main"}),
        (["tool_a:other"], {"other": "other"}),
        (["package.pages"], {"index": "index"}),
        (["package/pages.py:index"], {"index": "index"}),
        (["tool_a.py", "tool_a.py:other"], {"main": "main", "other": "other"}),
        (["tool_a.py", "tool_b.py"], {"tool_a": "main", "tool_b": "b"}),
    ],
)
@pytest.mark.usefixtures("code")
def test_targets_are_apps_by_name(targets: list[str], expected: dict[str, str]) -> None:
    assert {name: app() for name, app in find_apps(targets).items()} == expected


@pytest.mark.usefixtures("code")
def test_the_path_of_a_file_may_be_absolute(code: Path) -> None:
    assert list(find_apps([f"{code / 'tool_a.py'}:main"])) == ["main"]


def test_a_file_may_have_the_name_of_a_module_of_python(folder: Path) -> None:
    (folder / "json.py").write_text("def main(): return 'mine'\n")
    assert find_apps(["json.py"])["main"]() == "mine"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("missing.py", "there is no file missing.py"),
        ("missing:main", "there is no module missing here; for a file, add the suffix: missing.py"),
        ("tool_a.py:nope", "no function nope; it has: main, other (use tool_a.py:main)"),
        ("tool_a.py:number", "is not a function, but of type int"),
        ("tool_a.py:needs", "needs() of tool_a.py needs arguments"),
        ("package/__init__.py", "no function index or main; it has no function that takes no arguments"),
    ],
)
@pytest.mark.usefixtures("code")
def test_what_is_no_app_is_told(target: str, said: str) -> None:
    with pytest.raises(TargetError) as caught:
        find_apps([target])
    assert said in str(caught.value)


@pytest.mark.usefixtures("code")
def test_the_same_app_twice_is_refused() -> None:
    with pytest.raises(TargetError, match="two apps are named 'tool_a'"):
        find_apps(["tool_a.py", "tool_a.py"])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("\n1 / 0\n", "line 2: ZeroDivisionError: division by zero"),
        ("x = (\n", "line 1: SyntaxError"),
        ("import no_such_module\n", "line 1: ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise SystemExit(3)\n", "line 1: SystemExit: 3"),
        (
            "from nbsession import start_server\nstart_server(print)\n",
            "calls start_server() itself: put the call below `if __name__ == '__main__':`",
        ),
    ],
)
def test_code_that_cannot_be_imported_is_told_in_a_line(folder: Path, source: str, said: str) -> None:
    (folder / "broken.py").write_text(source)
    with pytest.raises(LoadError) as caught:
        find_apps(["broken.py"])
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
