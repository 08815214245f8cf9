"""Places that are no place of nbsession's are known by what they have imported. The packages are fakes."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.terminal.interactiveshell import TerminalInteractiveShell

from nbsession._core.values import encode_command
from nbsession._own_page.foreign import Place, foreign_place
from nbsession._own_page.foreign_platform import ForeignPlatform
from nbsession._sync.waiter import Waiter
from nbsession.exceptions import FrontendNotFoundException

if TYPE_CHECKING:
    from collections.abc import Callable


def _module(monkeypatch: pytest.MonkeyPatch, name: str, **functions: Callable[[], object]) -> None:
    module = ModuleType(name)
    module.__dict__.update(functions)
    monkeypatch.setitem(sys.modules, name, module)


def _name(kernel: object | None = None) -> str | None:
    place = foreign_place(kernel)
    return None if place is None else place.name


@pytest.fixture(autouse=True)
def _script(monkeypatch: pytest.MonkeyPatch) -> None:
    _module(monkeypatch, "IPython", get_ipython=lambda: None)
    _module(monkeypatch, "multiprocessing.process", parent_process=lambda: None)


def test_a_script_is_none() -> None:
    assert _name() is None


def test_a_kernel_of_ipykernel_is_none() -> None:
    assert _name(kernel=object()) is None


def test_xeus_python(monkeypatch: pytest.MonkeyPatch) -> None:
    _module(monkeypatch, "xpython")
    assert _name() == "a kernel of xeus-python"


@pytest.mark.parametrize("notebook", [True, False])
def test_marimo_is_one_unless_it_runs_the_notebook_as_a_script(
    monkeypatch: pytest.MonkeyPatch, *, notebook: bool
) -> None:
    _module(monkeypatch, "marimo", running_in_notebook=lambda: notebook)
    assert _name() == ("a marimo notebook" if notebook else None)


def test_an_engine_of_ipyparallel_is_one_although_it_has_an_ipykernel() -> None:
    kernel = type("Kernel", (), {"__module__": "ipyparallel.engine.kernel"})()
    assert _name(kernel) == "an engine of ipyparallel"


def test_python_in_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert _name() == "Python that runs in the browser (Pyodide)"


def test_a_worker_of_multiprocessing_may_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    _module(monkeypatch, "multiprocessing.process", parent_process=lambda: "the parent")
    place = foreign_place(None)
    assert place is not None
    assert (place.name, place.serves) == ("a process that multiprocessing has started", True)


@pytest.mark.parametrize(
    ("base", "module", "name"),
    [
        (InteractiveShell, "some.kernel", "this kernel, whose shell is some.kernel.Shell"),
        (InteractiveShell, "IPython.core.interactiveshell", None),  # Sphinx runs code so
        (TerminalInteractiveShell, "some.console", None),
    ],
)
def test_the_shell_of_another_kernel_is_named(
    monkeypatch: pytest.MonkeyPatch, base: type, module: str, name: str | None
) -> None:
    shell: object = object.__new__(type("Shell", (base,), {"__module__": module}))
    _module(monkeypatch, "IPython", get_ipython=lambda: shell)
    assert _name() == name


def test_what_needs_a_page_raises_at_once_and_says_where_it_runs() -> None:
    platform = ForeignPlatform(Place("a desert", "Go home"))
    with pytest.raises(FrontendNotFoundException, match=r"no page in a desert\. Go home\. NBSESSION_BROWSER"):
        platform.session.delivery.run(encode_command("run_js", ("run",), "1", {}))


def test_what_needs_no_page_works() -> None:
    platform = ForeignPlatform(Place("a desert", "Go home"))
    platform.local(platform.session)["count"] = 1
    assert platform.local(platform.session) == {"count": 1}


def test_start_server_raises_at_once_and_says_where_it_runs() -> None:
    platform = ForeignPlatform(Place("a desert", "Go home"))
    with pytest.raises(FrontendNotFoundException, match=r"cannot show apps in a desert\. Go home"):
        platform.serve({})


def test_nothing_is_held_where_no_page_comes() -> None:
    platform = ForeignPlatform(Place("a place", "Go elsewhere", serves=False))
    with pytest.raises(FrontendNotFoundException, match=r"no page in a place\. Go elsewhere"):
        platform.wait(Waiter(), None)
