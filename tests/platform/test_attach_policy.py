"""How long calls wait for a kernel's first page, and what is said when none comes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import pytest

from nbsession._core.calling_code import beside_var
from nbsession._core.session import Session
from nbsession._core.values import encode_command
from nbsession._jupyter.cells.cell import Cells
from nbsession._jupyter.pages.attach_policy import AttachPolicy
from tests.session.fake_platform import FakePage, FakePlatform

if TYPE_CHECKING:
    from collections.abc import Callable


class Kernel:
    """A cell that is run by somebody, and its session."""

    def __init__(self, *, stdin: bool) -> None:
        self.greetings = 0
        platform = FakePlatform()
        parent: dict[str, Any] = {"header": {"msg_id": "1"}, "content": {"allow_stdin": stdin}}
        cells = self.cells = Cells(lambda _: platform.session(), lambda: parent)
        self.session: Session = cells.scope().session
        self.attach_policy = AttachPolicy(cells, lambda: self.greetings)


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBSESSION_BROWSER", raising=False)


def test_a_front_end_has_ten_seconds_and_the_causes_are_named() -> None:
    kernel = Kernel(stdin=True)
    assert kernel.attach_policy.patience(kernel.session) == 10
    reason = kernel.attach_policy.reason(kernel.session) or ""
    for cause in (
        "shows no widgets",
        "anywidget",
        "jupyterlab_widgets",
        "blocks JavaScript",
        "NBSESSION_BROWSER=open",
    ):
        assert cause in reason


def test_a_front_end_in_which_a_call_has_waited_in_vain_is_not_waited_for_again() -> None:
    kernel = Kernel(stdin=True)
    kernel.attach_policy.reason(kernel.session)
    assert kernel.attach_policy.patience(kernel.session) < 0.1


@pytest.mark.parametrize("change", ["greetings", "peer"])
def test_a_page_that_came_meanwhile_and_another_front_end_are_waited_for(change: str) -> None:
    kernel = Kernel(stdin=True)
    kernel.attach_policy.reason(kernel.session)
    if change == "greetings":
        kernel.greetings += 1
    else:
        kernel.session.peer = "another"
    assert kernel.attach_policy.patience(kernel.session) == 10


def test_what_answers_no_input_has_less_than_two() -> None:
    kernel = Kernel(stdin=False)
    assert kernel.attach_policy.patience(kernel.session) < 2


# -- Voila, which shows its page when all cells have run -----------------------------------------


@pytest.fixture
def voila(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    """A kernel that Voila runs the cells of; its cell is running."""
    monkeypatch.setenv("VOILA_KERNEL_ID", "1")
    monkeypatch.setattr("nbsession._jupyter.pages.attach_policy.front_ends", lambda: 0)
    kernel = Kernel(stdin=False)
    kernel.cells.executing = kernel.cells.scope_of(kernel.session)
    return kernel


def _in_thread(function: Callable[[], object]) -> object:
    with ThreadPoolExecutor() as pool:
        return pool.submit(function).result()


def _waits(kernel: Kernel, *, awaited: bool = False) -> tuple[float, bool]:
    """Return how long a call may wait at first, and whether it may go on then."""
    attach_policy, session = kernel.attach_policy, kernel.session
    patience = attach_policy.patience(session, awaited=awaited)
    return patience, attach_policy.reason(session, awaited=awaited) is None


@pytest.mark.parametrize("awaited", [False, True])
def test_the_code_of_a_cell_does_not_wait_for_voila_s_page(voila: Kernel, *, awaited: bool) -> None:
    assert _waits(voila, awaited=awaited) == (0, False)


def test_an_app_waits_for_voila_s_page(voila: Kernel) -> None:
    voila.session.set_app(object())  # type: ignore[arg-type]
    assert _in_thread(lambda: _waits(voila)) == (10, True)


def test_a_thread_waits_for_voila_s_page_when_its_cell_has_ended(voila: Kernel) -> None:
    voila.cells.executing = None
    assert _in_thread(lambda: _waits(voila)) == (10, True)


def test_a_thread_that_its_cell_may_wait_for_gives_up(voila: Kernel) -> None:
    assert _in_thread(lambda: _waits(voila)) == (10, False)


def test_a_task_of_run_async_waits_for_voila_s_page(voila: Kernel) -> None:
    context = copy_context()
    context.run(beside_var.set, True)  # noqa: FBT003 -- a value
    assert context.run(_waits, voila, awaited=True) == (10, True)


def test_what_blocks_the_kernel_between_cells_does_not_wait_for_voila_s_page(voila: Kernel) -> None:
    voila.cells.executing = None
    assert _waits(voila) == (0, False)


def test_what_has_passed_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = Kernel(stdin=False)
    now = [100.0]
    monkeypatch.setattr("nbsession._jupyter.pages.attach_policy.monotonic", lambda: now[0])
    kernel.attach_policy.begins()
    now[0] += 1
    assert kernel.attach_policy.patience(kernel.session) == pytest.approx(0.5)
    now[0] += 1
    kernel.attach_policy.begins()
    assert kernel.attach_policy.patience(kernel.session) < 0.1


def test_a_page_that_was_there_says_more() -> None:
    kernel = Kernel(stdin=False)
    kernel.greetings = 1
    assert not kernel.attach_policy.alone(kernel.session)


def test_a_browser_that_the_environment_asks_for_says_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBSESSION_BROWSER", "headless")
    kernel = Kernel(stdin=False)
    assert not kernel.attach_policy.alone(kernel.session)


def test_what_went_nowhere_is_counted() -> None:
    kernel = Kernel(stdin=False)
    for _ in range(3):
        kernel.session.delivery.run(encode_command("run_js", ("run",), "1", {}))
    kernel.session.outputs.put("text", text="shown")
    assert "3 run_js, 1 output;" in (kernel.attach_policy.undelivered([kernel.session]) or "")


def test_nothing_is_said_of_what_a_page_took() -> None:
    kernel = Kernel(stdin=False)
    kernel.session.delivery.run(encode_command("run_js", ("run",), "1", {}))
    kernel.session.delivery.attach(FakePage())  # type: ignore[arg-type]
    assert kernel.attach_policy.undelivered([kernel.session]) is None


def test_a_backlog_is_forgotten_where_no_page_is_expected() -> None:
    platform = FakePlatform()
    platform.without_pages = True
    session = platform.session()
    command = encode_command("run_js", ("run",), "x", {"x": bytes(30 * 2**20)})
    for _ in range(5):
        session.delivery.run(command)
    assert session.delivery.backlog() < 100 * 2**20
    assert session.delivery.undelivered == (5, 0, 0)
