"""Who waits because the page does not keep up, when the session ends."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from nbsession._core.backlog import wait_until_sent
from nbsession._core.download_channel import Download
from nbsession._core.download_content import Content
from nbsession._core.values import Encoded
from nbsession._sync.waiter import Waiter
from nbsession.exceptions import PageLostError, SessionClosedException

from .test_page_registry import Kernel

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbsession._core.page import Page
    from nbsession._core.session import Session

TIMEOUT = 60.0
MEBIBYTE = 1024 * 1024


class DeafPage(Kernel):
    """A kernel with a page that acknowledges nothing, and a session on it."""

    def __init__(self, *, keeps: bool = False) -> None:
        super().__init__()
        self.keeps = keeps
        self.blocked = threading.Semaphore(0)
        self.hello("a")
        self.only = self.session()

    @property
    def page(self) -> Page:
        return self.page_registry.pages["a"]

    def keep_outputs(self, session: Session) -> bool:
        return self.keeps

    def alone(self, session: Session) -> bool:
        return False

    def wait(self, waiter: Waiter, timeout: float | None) -> bool:
        self.blocked.release()
        return waiter.wait(timeout)

    # -- what fills the backlog -----------------------------------------------------------------

    def send_commands(self) -> None:
        text = f'["run","{"x" * MEBIBYTE}",{{}}]'
        for _ in range(80):
            self.only.delivery.run(Encoded(text, ()))

    def stream(self) -> None:
        download = Download(self.only, self.next_channel(), "a.bin", Content(iter([bytes(MEBIBYTE)] * 30)))
        self.only.delivery.add_download(download)
        download.stream()


class Call:
    """Something that runs in a thread of its own until it raises."""

    def __init__(self, kernel: DeafPage, call: Callable[[], None]) -> None:
        self.error: BaseException | None = None
        self._call = call
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert kernel.blocked.acquire(timeout=TIMEOUT), "it does not wait"

    def _run(self) -> None:
        try:
            self._call()
        except BaseException as error:  # noqa: BLE001 -- which one it is the test says
            self.error = error

    def outcome(self) -> str:
        self._thread.join(TIMEOUT)
        assert not self._thread.is_alive(), "it still waits"
        return repr(self.error)


@pytest.mark.parametrize("keeps", [False, True], ids=["let go of", "kept to be read"])
@pytest.mark.parametrize("what", ["send_commands", "stream"])
def test_who_waits_for_room_hears_that_the_session_was_closed(what: str, *, keeps: bool) -> None:
    kernel = DeafPage(keeps=keeps)
    call = Call(kernel, getattr(kernel, what))
    kernel.only.close("because")
    assert call.outcome() == repr(SessionClosedException("because"))


def test_all_who_wait_for_room_hear_that_the_page_has_ended() -> None:
    kernel = DeafPage()
    calls = [Call(kernel, kernel.send_commands), Call(kernel, kernel.stream)]
    kernel.page_registry.dismiss(kernel.page, "the page was closed")
    assert [call.outcome() for call in calls] == [repr(SessionClosedException("the page was closed"))] * 2


def test_a_download_that_waits_for_room_hears_that_its_session_goes_on_with_another_page() -> None:
    kernel = DeafPage()
    call = Call(kernel, kernel.stream)
    kernel.hello("b")
    kernel.page_registry.lapsed(kernel.page, "its page was silent")
    assert PageLostError.__name__ in call.outcome()


@pytest.mark.parametrize("keeps", [False, True], ids=["let go of", "kept to be read"])
def test_drain_hears_that_the_session_was_closed(*, keeps: bool) -> None:
    kernel = DeafPage(keeps=keeps)
    for _ in range(30):
        kernel.only.delivery.run(Encoded(f'["run","{"x" * MEBIBYTE}",{{}}]', ()))

    async def close_while_waiting() -> None:
        waiting = asyncio.ensure_future(wait_until_sent(kernel.only, kernel.only.delivery))
        await asyncio.sleep(0)  # it begins to wait
        assert kernel.only.delivery.backlog()
        kernel.only.close("because")
        await asyncio.wait_for(waiting, TIMEOUT)

    with pytest.raises(SessionClosedException, match="because"):
        asyncio.run(close_while_waiting())


def test_a_call_after_the_end_hears_of_it_though_commands_are_left() -> None:
    kernel = DeafPage(keeps=True)
    session = kernel.only
    handover = session.delivery.depart("elsewhere", lambda: None)
    assert handover is not None
    session.delivery.requeue([(f'["run","{"x" * 65 * MEBIBYTE}",{{}}]', ())])
    session.close("because")
    with pytest.raises(SessionClosedException, match="because"):
        session.delivery.run(Encoded('["run","1",{}]', ()))
