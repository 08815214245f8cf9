"""Which page a session gets."""

from __future__ import annotations

import pytest

from .test_page_registry import Kernel


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


def test_a_session_gets_the_page_that_ran_its_cell(kernel: Kernel) -> None:
    kernel.hello("a", peer="first")
    kernel.hello("b", peer="second")
    session = kernel.session("first")
    assert session.page is not None
    assert session.page.page_id == "a"


def test_a_session_of_no_page_gets_the_newest(kernel: Kernel) -> None:
    kernel.hello("a", peer="first")
    kernel.hello("b", peer="second")
    session = kernel.session("an executor on the server")
    assert session.page is not None
    assert session.page.page_id == "b"


def test_a_page_that_was_touched_goes_before_a_newer_one(kernel: Kernel) -> None:
    kernel.hello("a", peer="first")
    kernel.hello("b", peer="second")
    first = kernel.session("first").page
    assert first is not None
    kernel.page_registry.touched(first)
    session = kernel.session("an executor on the server")
    assert session.page is first


def test_a_page_that_was_touched_goes_before_one_that_was_opened_later(kernel: Kernel) -> None:
    kernel.hello("a", peer="first")
    first = kernel.session("first").page
    assert first is not None
    kernel.page_registry.touched(first)
    kernel.hello("b", peer="second")
    assert kernel.session("an executor on the server").page is first
