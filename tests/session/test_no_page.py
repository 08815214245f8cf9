"""A page that cannot be opened: what raised for that is not done later, when there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nbsession._core.download_channel import Download
from nbsession._core.download_content import Content
from nbsession._core.session import Session
from nbsession._core.values import Encoded
from nbsession.exceptions import FrontendNotFoundException

from .fake_platform import FakePage, FakePlatform

if TYPE_CHECKING:
    from collections.abc import Callable


class BrokenPlatform(FakePlatform):
    """Cannot open a page while ``meanwhile`` is set, which it calls before it says so."""

    meanwhile: Callable[[], object] | None = None

    def attach(self, session: Session) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
            msg = "there is no browser"
            raise FrontendNotFoundException(msg)


@pytest.fixture
def platform() -> BrokenPlatform:
    """A platform that opens no page at the first try."""
    platform = BrokenPlatform()
    platform.meanwhile = lambda: None
    return platform


def command(code: str) -> Encoded:
    return Encoded(f'["run","{code}",{{}}]', ())


def told(session: Session) -> list[str]:
    """What a page is told that is there at last."""
    page = FakePage()
    session.delivery.attach(page)  # type: ignore[arg-type]
    assert all(channel is session for channel in page.channels)
    return [text for channel, text in page.sent if channel == session.number]


def test_a_command_that_raised_is_not_run_later(session: Session) -> None:
    with pytest.raises(FrontendNotFoundException):
        session.delivery.run(command("1"))
    assert session.delivery.backlog() == 0
    assert told(session) == []


def test_another_thread_s_same_command_is_run_in_its_place(
    platform: BrokenPlatform, session: Session
) -> None:
    def meanwhile() -> None:
        session.delivery.run(command("2"))
        session.delivery.run(command("1"))

    platform.meanwhile = meanwhile
    with pytest.raises(FrontendNotFoundException):
        session.delivery.run(command("1"))
    assert told(session) == [command("2").text, command("1").text]


def test_a_download_that_raised_is_not_started_later(session: Session) -> None:
    with pytest.raises(FrontendNotFoundException):
        session.delivery.add_download(Download(session, 7, "a.bin", Content(b"1")))
    assert not session.delivery.downloading
    assert told(session) == []


def test_an_output_that_raised_is_not_shown_later(session: Session) -> None:
    with pytest.raises(FrontendNotFoundException):
        session.outputs.notice("info", "1")
    assert told(session) == []
