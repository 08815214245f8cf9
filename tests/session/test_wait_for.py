"""``wait_for``, with traits that another thread changes: its value, its end, and what it leaves behind."""

# What is passed is wrong on purpose.
# mypy: disable-error-code="arg-type"

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import traitlets

from nbsession import wait_for
from nbsession._core.scope import inside
from nbsession.exceptions import FrontendNotFoundException, JSTimeoutError, SessionClosedException

from .fake_platform import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbsession._core.session import Session

    from .fake_platform import FakePlatform

    Wait = Callable[..., Any]


class Slider(traitlets.HasTraits):
    """Calls `observed` as soon as something waits for it, and knows how many do."""

    value = traitlets.Int()
    label = traitlets.Unicode()

    def __init__(self, observed: Callable[[Slider], object] = lambda _: None) -> None:
        super().__init__()
        self.observers = 0
        self.observed = observed

    def observe(self, *args: Any, **options: Any) -> None:
        super().observe(*args, **options)
        self.observers += 1
        threading.Thread(target=self.observed, args=[self]).start()

    def unobserve(self, *args: Any, **options: Any) -> None:
        super().unobserve(*args, **options)
        self.observers -= 1


class Button(traitlets.HasTraits):
    """Is clicked as soon as something waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.handlers: list[Callable[[Button], object]] = []

    def on_click(self, handler: Callable[[Button], object], remove: bool = False) -> None:  # noqa: FBT001, FBT002 -- as in ipywidgets
        if remove:
            self.handlers.remove(handler)
        else:
            self.handlers.append(handler)
            threading.Thread(target=handler, args=[self]).start()


def move(slider: Slider) -> None:
    slider.value = 3


def block(*args: Any, **options: Any) -> Any:
    return wait_for(*args, **options)


def await_it(*args: Any, **options: Any) -> Any:
    async def main() -> Any:
        return await wait_for(*args, **options)

    return asyncio.run(main())


@pytest.fixture(params=[block, await_it], ids=["blocked", "awaited"])
def wait(request: pytest.FixtureRequest, session: Session) -> Iterator[Wait]:
    """``wait_for`` in a cell of `session`, in plain code and in a coroutine."""
    with inside(session):
        yield request.param


def test_it_comes_to_the_new_value(wait: Wait) -> None:
    assert wait(Slider(move)) == 3


def test_it_waits_for_the_trait_that_is_named(wait: Wait) -> None:
    def change(slider: Slider) -> None:
        slider.value = 3
        slider.label = "three"

    assert wait(Slider(change), "label") == "three"


def test_a_button_is_waited_for_until_it_is_clicked(wait: Wait) -> None:
    button = Button()
    assert wait(button) is None
    assert not button.handlers


def test_no_change_in_time_is_a_timeout(wait: Wait) -> None:
    with pytest.raises(JSTimeoutError, match=r"'value' of Slider did not change within 0\.01 s"):
        wait(Slider(), timeout=0.01)


def test_the_end_of_the_session_ends_it(wait: Wait, session: Session) -> None:
    with pytest.raises(SessionClosedException, match="over"):
        wait(Slider(lambda _: session.close("over")))


def test_a_closed_session_waits_for_nothing(wait: Wait, session: Session) -> None:
    with pytest.raises(JSTimeoutError):
        wait(Slider(), timeout=0)
    session.close("over")
    with pytest.raises(SessionClosedException, match="over"):
        wait(Slider())


@pytest.mark.parametrize("observed", [move, lambda _: None], ids=["changed", "not changed"])
def test_it_leaves_no_observer(wait: Wait, observed: Callable[[Slider], object]) -> None:
    slider = Slider(observed)
    with suppress(JSTimeoutError):
        wait(slider, timeout=0.01 if observed is not move else TIMEOUT)
    assert slider.observers == 0


def test_an_awaiting_task_that_is_cancelled_leaves_no_observer(session: Session) -> None:
    async def main() -> None:
        loop, begun = asyncio.get_running_loop(), asyncio.Event()
        slider = Slider(lambda _: loop.call_soon_threadsafe(begun.set))

        async def waiting() -> None:
            await wait_for(slider)

        task = asyncio.create_task(waiting())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert slider.observers == 0

    with inside(session):
        asyncio.run(main())


def test_a_reader_is_needed_for_a_widget_and_there_is_none(wait: Wait, platform: FakePlatform) -> None:
    platform.without_pages = True
    slider = Slider()
    slider.comm = object()  # type: ignore[attr-defined]
    with pytest.raises(FrontendNotFoundException, match="without a front end"):
        wait(slider)


def test_other_code_may_change_a_widget_where_there_is_no_reader(wait: Wait, platform: FakePlatform) -> None:
    platform.without_pages = True
    slider = Slider(move)
    slider.comm = object()  # type: ignore[attr-defined]
    assert wait(slider, timeout=TIMEOUT) == 3


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((5,), TypeError, "expects a widget, or another object with traits, not int: 5"),
        ((Slider(), "vlaue"), ValueError, "Slider has no trait 'vlaue'. Did you mean 'value'?"),
        ((Button(), "label"), ValueError, "Button has no trait 'label'"),
    ],
)
def test_what_cannot_be_waited_for_is_named(
    wait: Wait, arguments: tuple[Any, ...], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as raised:
        wait(*arguments)
    assert message in str(raised.value)


@pytest.mark.parametrize(("timeout", "error"), [(-1, ValueError), ("3", TypeError), (True, TypeError)])
def test_a_timeout_is_a_number_of_seconds(wait: Wait, timeout: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="timeout"):
        wait(Slider(), timeout=timeout)
