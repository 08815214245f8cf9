"""``NBSESSION_BROWSER=open``: the kernel's own page, in whichever browser opens the address that the cell tells."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.kernel.kernel_process import is_stream
from tests.server.script import enter

from .headless_kernel import HeadlessKernel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.kernel.kernel_process import Message
    from tests.server.visitor import Visitor

_NO_SCREEN = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[HeadlessKernel]:
    kernel = HeadlessKernel(sys.executable, tmp_path, NBSESSION_BROWSER="open", **_NO_SCREEN)
    kernel.must("from nbsession import *\nfrom nbsession.output import put_text")
    yield kernel
    kernel.close()


def opened(kernel: HeadlessKernel, code: str) -> tuple[Message, Visitor, Visitor]:
    """Run a cell, and open the page that it tells of, and then a second time."""
    request = kernel.execute(code)
    told = kernel.until(lambda message: is_stream(message, "nbsession opens http"))
    entry = enter(told["content"]["text"])
    first, second = (entry.visit() for _ in range(2))
    return request, first, second


def test_the_page_is_one_window_s_until_it_is_closed(kernel: HeadlessKernel) -> None:
    request, first, second = opened(kernel, "print('got', eval_js('navigator'), info.frontend)")
    assert kernel.finish(request).stdout == "got navigator page\n"
    second.wait_gone()
    assert second.ended == "the kernel's page is open in another window"

    kernel.must("put_text('of another cell')")
    first.wait_for(lambda: first.texts)
    assert first.texts == ["of another cell"]

    request = kernel.execute("print('waits'); defer_call(lambda: print('deferred')); eval_js('x') and hold()")
    kernel.finish(request)
    first.leave()
    kernel.until(lambda message: is_stream(message, "deferred"))

    request, first, second = opened(kernel, "print('got', eval_js('anew'))")
    assert kernel.finish(request).stdout == "got anew\n"


def test_the_page_is_told_when_the_kernel_ends(kernel: HeadlessKernel) -> None:
    request, first, _ = opened(kernel, "eval_js('x')")
    kernel.finish(request)
    kernel.manager.shutdown_kernel()
    first.wait_gone()
    assert first.ended == "the kernel has ended"


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such modes there")
def test_the_browser_is_led_to_the_page_by_a_file_that_is_gone_then(tmp_path: Path) -> None:
    kernel = HeadlessKernel(sys.executable, tmp_path, NBSESSION_BROWSER="open", BROWSER="true %s")
    try:
        kernel.must("from nbsession import *")
        request, first, _ = opened(kernel, "eval_js('x')")
        kernel.finish(request)
        assert first.evaluated == ["x"]
        assert not list(kernel.temporary.glob("nbsession-*.html"))
    finally:
        kernel.close()
