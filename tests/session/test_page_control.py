"""What a page says of itself, and who waits for it."""

from __future__ import annotations

from typing import Any

import pytest

from nbsession._core.page_control import PageControl


class Page:
    """What the control sees of a page that has announced its user."""

    def __init__(self) -> None:
        self.info: dict[str, Any] = {"pending": ["whoami"]}

    def update_info(self, fields: dict[str, Any]) -> None:
        self.info = {**self.info, **fields}


def test_who_waits_for_a_pages_information_goes_on_when_it_has_been_recorded() -> None:
    woken: list[str] = []
    page = Page()
    control = PageControl(page)  # type: ignore[arg-type]
    control.on_complete(lambda: woken.append("earlier"))

    def record(_: list[Any]) -> None:
        control.on_complete(lambda: woken.append("meanwhile"))
        woken.append(f"recorded {page.info['whoami']}")

    control.pass_on(record)
    control.receive(["info", {"whoami": "ada"}])
    assert woken == ["recorded ada", "earlier", "meanwhile"]
    assert page.info == {"whoami": "ada", "pending": []}


@pytest.mark.parametrize("told", [{}, None, 7, {"host": "elsewhere"}])
def test_a_page_that_tells_nothing_of_use_is_waited_for_no_longer(told: object) -> None:
    page = Page()
    control = PageControl(page)  # type: ignore[arg-type]
    control.receive(["info", told])
    assert page.info == {"pending": []}


def test_a_record_that_fails_lets_those_go_on_who_wait() -> None:
    woken: list[bool] = []
    control = PageControl(Page())  # type: ignore[arg-type]
    control.on_complete(lambda: woken.append(True))

    def record(_: list[Any]) -> None:
        raise OSError

    control.pass_on(record)
    control.receive(["info", {}])
    assert woken == [True]
