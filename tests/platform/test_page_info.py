"""What a page says of itself after its hello, and where a notebook is that was renamed."""

from __future__ import annotations

from typing import Any

import pytest

from nbsession._jupyter.pages.kernel_place import KernelPlace

from .pages import Page
from .test_page_registry import Kernel


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


def info_after(kernel: Kernel, *messages: list[Any]) -> dict[str, Any]:
    page = Page(kernel, "a", "peer", [])
    for message in messages:
        page.say(0, message)
    return kernel.page_registry.pages["a"].info


def test_a_page_tells_what_has_changed(kernel: Kernel) -> None:
    changed = {
        "dark_mode": True,
        "url": "http://localhost/?n=2",
        "notebook": "b.ipynb",
        "screen": {"width": 1},
    }
    assert info_after(kernel, ["changed", changed]) == changed


def test_a_page_tells_it_again(kernel: Kernel) -> None:
    told = info_after(kernel, ["changed", {"dark_mode": True, "url": "a"}], ["changed", {"dark_mode": False}])
    assert told == {"dark_mode": False, "url": "a"}


def test_what_does_not_change_is_not_taken(kernel: Kernel) -> None:
    assert info_after(kernel, ["changed", {"user_ip": "203.0.113.7", "whoami": {}, "frontend": "x"}]) == {}


@pytest.mark.parametrize("message", [["changed"], ["changed", None], ["changed", ["url"]]])
def test_a_change_of_unknown_shape_is_ignored(kernel: Kernel, message: list[Any]) -> None:
    assert info_after(kernel, message) == {}


def test_a_description_that_is_too_long_is_not_kept(kernel: Kernel) -> None:
    assert info_after(kernel, ["changed", {"url": "x" * 2**17}]) == {}


class FakePage:
    """A page that tells its notebook's path."""

    def __init__(self, path: str) -> None:
        self.info = {"notebook": path}


def place_after(*paths: str) -> KernelPlace:
    """The place when a page has told its notebook's first path, and then the others."""
    place = KernelPlace()
    page: Any = FakePage(paths[0]) if paths else None
    for index, path in enumerate(paths):
        page.info["notebook"] = path
        (place.learn_change if index else place.learn)(page)
    return place


@pytest.mark.parametrize(
    ("at_start", "paths", "notebook"),
    [
        (None, (), None),
        (None, ("a.ipynb",), "a.ipynb"),
        (None, ("a.ipynb", "work/b.ipynb"), "work/b.ipynb"),
        ("/home/ada/a.ipynb", (), "/home/ada/a.ipynb"),
        ("/home/ada/a.ipynb", ("a.ipynb",), "/home/ada/a.ipynb"),
        ("/home/ada/a.ipynb", ("a.ipynb", "b.ipynb"), "/home/ada/b.ipynb"),
        ("/home/ada/work/a.ipynb", ("work/a.ipynb", "done/a.ipynb"), "/home/ada/done/a.ipynb"),
        ("/home/ada/old.ipynb", ("a.ipynb", "b.ipynb"), "/home/ada/old.ipynb"),
        ("/home/ada/data.ipynb", ("a.ipynb", "b.ipynb"), "/home/ada/data.ipynb"),
    ],
)
def test_a_notebook_that_is_renamed_is_found(
    monkeypatch: pytest.MonkeyPatch, at_start: str | None, paths: tuple[str, ...], notebook: str | None
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    if at_start is not None:
        monkeypatch.setenv("JPY_SESSION_NAME", at_start)
    assert place_after(*paths).notebook == notebook


def test_a_second_notebook_of_the_kernel_is_no_new_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/ada/a.ipynb")
    place = place_after("a.ipynb")
    second: Any = FakePage("b.ipynb")
    place.learn(second)
    place.learn_change(second)
    assert place.notebook == "/home/ada/a.ipynb"
