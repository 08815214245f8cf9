"""A fake browser that cells of a real kernel open: it answers them, and nobody else is attached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .kernel_process import KernelProcess

if TYPE_CHECKING:
    from pathlib import Path

OPEN = """
from nbsession import *
from nbsession.output import put_text
from nbsession.testing import FakeBrowser
browser = FakeBrowser({'navigator.language': 'de-DE'}).__enter__()
"""


def test_cells_are_answered_by_it(bare_kernel: KernelProcess) -> None:
    assert bare_kernel.run(OPEN).error is None
    assert bare_kernel.run("print(eval_js('navigator.language'))").stdout == "de-DE\n"
    assert bare_kernel.run("print(await eval_js('navigator.language'))").stdout == "de-DE\n"
    bare_kernel.run("run_js('document.title = t', t=1); put_text('shown'); download('a.txt', 'abc')")
    assert bare_kernel.run("print(browser.ran, browser.downloads)").stdout == (
        "[Command(code='document.title = t', args={'t': 1})] {'a.txt': b'abc'}\n"
    )
    assert bare_kernel.run("print([n['text'] for n in browser.outputs])").stdout == "['shown']\n"
    assert bare_kernel.run("eval_js('unknown')").error == "UnansweredError"
    assert bare_kernel.run("browser.close()").error is None
    assert "the fake browser was closed" not in bare_kernel.run("run_js('1')").traceback


def test_it_goes_before_the_browser_that_the_environment_names(python: str, tmp_path: Path) -> None:
    kernel = KernelProcess(python, tmp_path, {"NBSESSION_BROWSER": "/no/such/browser"})
    try:
        assert kernel.run(OPEN).error is None
        kernel.run("run_js('noted'); put_text('shown'); download('a.txt', 'abc')")
        assert kernel.run("print(eval_js('navigator.language'), info.request)").stdout == "de-DE None\n"
        seen = kernel.run(
            "print(browser.ran, browser.downloads, [n['text'] for n in browser.outputs])"
        ).stdout
        assert seen == "[Command(code='noted', args={})] {'a.txt': b'abc'} ['shown']\n"
        assert kernel.run("browser.close(); eval_js('1')").error == "FrontendNotFoundException"
    finally:
        kernel.close()
