"""The examples of the original's documentation in cells."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import documentation
from tests.documentation import COUNTERS, IMPORT, LOCAL_PRINTS

if TYPE_CHECKING:
    from tests.documentation import Example

    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage


def click(notebook: NotebookPage, label: str, index: int = -1) -> None:
    """Click a button in a cell's output."""
    notebook.output_area(index).get_by_role("button", name=label, exact=True).click()


def test_download(notebook: NotebookPage) -> None:
    notebook.execute(documentation.DOWNLOAD.source)
    click(notebook, "Click to download")
    [download] = notebook.wait_for_downloads(1)
    assert download.suggested_filename == "hello-world.txt"
    assert Path(download.path()).read_bytes() == b"hello world!"


def test_run_js(notebook: NotebookPage) -> None:
    notebook.execute(documentation.RUN_JS.source)
    assert "3" in [message.text for message in notebook.console]


def test_eval_js(notebook: NotebookPage) -> None:
    shown = notebook.execute(documentation.EVAL_JS.source)
    assert shown[0] == f"{notebook.page.url} 101 Returned inside callback."


def test_local(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "local._dict.clear()")
    shown = notebook.execute(documentation.LOCAL.source)
    second = notebook.execute("local.age is local['age'], len(local), local[10]")
    assert shown[0].splitlines() == LOCAL_PRINTS
    assert second[0] == "(True, 3, '10')"


@pytest.mark.parametrize("example", COUNTERS.values(), ids=COUNTERS)
def test_the_counter(notebook: NotebookPage, example: Example) -> None:
    notebook.execute(example.source + "start_server(main)")
    for label in ("Show counter", "Add counter", "Add counter", "Show counter"):
        click(notebook, label)
    texts = notebook.output_area(-1).locator(".nbsession-text")
    texts.nth(1).wait_for()
    assert texts.all_inner_texts() == ["0", "2"]


def test_defer_call(notebook: NotebookPage) -> None:
    notebook.execute(documentation.DEFER_CALL.source)
    notebook.run(-1)
    assert notebook.execute("cleaned_up") == ["True"]


def test_set_env(notebook: NotebookPage) -> None:
    notebook.execute(documentation.SET_ENV.source)
    assert notebook.output_area(-1).get_by_role("heading", name="Awesome PyWebIO!!").is_visible()


def test_run_asyncio_coroutine(notebook: NotebookPage) -> None:
    notebook.execute(documentation.RUN_ASYNCIO_COROUTINE.source + "start_server(app)")
    notebook.wait_for_text(-1, "world")
    assert notebook.output_area(-1).locator(".nbsession-text").all_inner_texts() == ["hello", "world"]


def test_local_needs_no_browser(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([IMPORT + "local.a = 1; del local.a; print('a' in local, local._dict)"])
    assert notebook.run(0) == ["False {}"]
    assert notebook.page.evaluate("globalThis[Symbol.for('nbsession')]") is None


def test_info(notebook: NotebookPage) -> None:
    notebook.execute(documentation.INFO.source)
    notebook.wait_for_text(-1, "protocol")
    shown = json.loads(notebook.output_area(-1).locator("pre").inner_text())
    origin = notebook.page.evaluate("location.origin")
    request = shown.pop("request")
    assert "'msg_type': 'comm_msg'" in request
    assert "Chrom" in shown.pop("user_agent")
    assert shown == {
        "user_language": "en-US",
        "server_host": origin.removeprefix("http://"),
        "origin": origin,
        "user_ip": "127.0.0.1",
        "backend": "jupyter",
        "protocol": "comm",
    }


def test_info_user_agent_and_the_additions(notebook: NotebookPage) -> None:
    code = """
agent = info.user_agent
print([agent.is_mobile, agent.is_tablet, agent.is_pc, agent.is_touch_capable])
print(agent.os.family, type(agent.browser.version))
zone = eval_js("Intl.DateTimeFormat().resolvedOptions().timeZone")
print(info.frontend, info.notebook.endswith(".ipynb"), bool(info.user), str(info.timezone) == zone)
"""
    shown = notebook.execute(IMPORT + code)
    frontend = {"lab": "jupyterlab", "notebook": "notebook"}[notebook.server.frontend.name]
    assert shown[0].splitlines() == [
        "[False, False, True, False]",
        "Linux <class 'tuple'>",
        f"{frontend} True True True",
    ]


def test_register_thread(notebook: NotebookPage) -> None:
    assert notebook.execute(documentation.REGISTER_THREAD.source) == ["[2]"]


def test_coming_from(notebook: NotebookPage) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "coming_from.md").read_text(encoding="utf-8")
    from_colab, from_magic, _chart, function, _listener, from_polling, button = re.findall(
        r"```python\n(.*?)```", page, re.DOTALL
    )
    assert notebook.execute(from_colab) == ["'Lisbon, en-US'"]
    notebook.execute(from_magic)
    assert notebook.execute("eval_js('document.title')") == ["'Quarterly report'"]
    notebook.execute(function)
    click(notebook, "How much is a pear?")
    notebook.output_area(-1).get_by_role("button", name="3").wait_for()
    waiting = notebook.append(from_polling)
    notebook.run(waiting, wait=False)
    click(notebook, "Train", waiting)
    notebook.wait_for_text(waiting, "training with 10")
    notebook.wait_idle()
    notebook.execute(button)
    click(notebook, "Count")
    notebook.wait_for_text(-1, "counted")
