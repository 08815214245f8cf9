"""Voila: a page that comes when all cells have run, or one that is there while they do."""

from __future__ import annotations

import getpass
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import BrowserContext, Page

from tests.ports import free_port

from . import info_table
from .conftest import ROOT
from .server_process import ServerProcess

IMPORT = "from nbsession import *\nfrom nbsession.output import *\nimport ipywidgets, time\n"
# In this order: each cell uses what the ones before it have done to the page.
CELLS = [
    IMPORT + "run_js('window.seen = []')\nfor i in range(1000): run_js('seen.push(i)', i=i)",
    """
began = time.monotonic()
try:
    print('the cell got', eval_js('seen.length'))
except FrontendNotFoundException as error:
    print(f'{error} [at once: {time.monotonic() - began < 10}]')
""",
    """
button, label = ipywidgets.Button(description='Ask the page'), ipywidgets.Label('not asked')
button.on_click(lambda _: setattr(label, 'value', f"the callback got {eval_js('seen.length')}"))
ipywidgets.VBox([button, label])
""",
    """
def app():
    put_text('an app')
    put_button('Add', lambda: put_text(f"the app got {eval_js('20 + n', n=22)}"))
start_server(app)
""",
    "put_text('shown by a cell')",
    """
def asks():
    put_text(f"the app began with {info.query} on {eval_js('location.pathname')}")
start_server(asks)
""",
    """
import threading
put_text('a thread asks')  # Voila's page adds no outputs to cells, but what is in them changes
thread = threading.Thread(target=lambda: put_text(f"the thread got {eval_js('30 + 1')}"))
register_thread(thread)
thread.start()
""",
    """
put_text('a task asks')
async def beside():
    put_text(f"the task got {await eval_js('30 + 2')}")
handle = run_async(beside())
""",
    """
put_html('<div class=of-a-cell></div>')
run_js("window.found = document.querySelectorAll('.of-a-cell').length")
""",
    """
def finds():
    put_html('<div class=of-an-app></div>')
    put_text(f"the app found {eval_js('document.querySelectorAll(`.of-an-app`).length')}")
start_server(finds)
""",
    "download('from-a-cell.txt', 'hello')",
]
ADVICE = "Voila runs all cells before it shows the page"


class Voila:
    """Voila, serving a folder of notebooks."""

    def __init__(self, python: str, home: Path, *, progressive: bool) -> None:
        self.notebooks = home / "notebooks"
        self.notebooks.mkdir(parents=True)
        port = free_port()
        command = [
            python,
            "-m",
            "voila",
            str(self.notebooks),
            "--no-browser",
            "--Voila.ip=127.0.0.1",
            f"--port={port}",
            f"--progressive_rendering={progressive}",
        ]
        self.process = ServerProcess(command, port, home)

    def add(self, name: str, cells: list[str]) -> None:
        kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernelspec}
        )
        nbformat.write(notebook, self.notebooks / name)

    def open(self, context: BrowserContext, name: str) -> Page:
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{self.process.url}/voila/render/{name}", wait_until="domcontentloaded")
        return page


def _serve(
    python_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, *, progressive: bool
) -> Iterator[Voila]:
    voila = Voila(python_of("voila"), tmp_path_factory.mktemp("voila"), progressive=progressive)
    try:
        voila.process.wait_until_it_answers("/")
        voila.add("cells.ipynb", CELLS)
        shutil.copy(ROOT / "notebooks" / "data_explorer.ipynb", voila.notebooks)
        yield voila
    finally:
        voila.process.stop()


@pytest.fixture(scope="module")
def voila(python_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    yield from _serve(python_of, tmp_path_factory, progressive=False)


@pytest.fixture(scope="module")
def progressive(python_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    yield from _serve(python_of, tmp_path_factory, progressive=True)


@pytest.fixture(scope="module")
def page(voila: Voila, browser_context: BrowserContext) -> Iterator[Page]:
    """The page of `CELLS` in the default mode, with the download it began."""
    page = voila.open(browser_context, "cells.ipynb?asked=yes")
    yield page
    page.close()


def test_commands_wait_for_the_page_and_keep_their_order(page: Page) -> None:
    page.wait_for_function("window.seen?.length === 1000")
    assert page.evaluate("seen.every((number, index) => number === index)")


def test_a_value_in_a_cell_fails_at_once_with_advice(page: Page) -> None:
    said = page.get_by_text(ADVICE)
    said.wait_for()
    assert "start_server" in said.inner_text()
    assert "--progressive_rendering=True" in said.inner_text()
    assert "[at once: True]" in said.inner_text()


def test_what_a_cell_put_is_shown(page: Page) -> None:
    page.locator(".nbsession-text", has_text="shown by a cell").wait_for()


def test_commands_find_the_outputs_before_them(page: Page) -> None:
    page.wait_for_function("window.found === 1")
    page.get_by_text("the app found 1").wait_for()


def test_callbacks_of_widgets_get_values(page: Page) -> None:
    page.wait_for_function("window.seen?.length === 1000")
    page.get_by_role("button", name="Ask the page").click()
    page.get_by_text("the callback got 1000").wait_for()


def test_a_hosted_app_works(page: Page) -> None:
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("the app got 42").wait_for()


@pytest.mark.parametrize(
    "shown",
    [
        "the app began with {'asked': 'yes'} on /voila/render/cells.ipynb",
        "the thread got 31",
        "the task got 32",
    ],
)
def test_what_blocks_no_cell_waits_for_the_page(page: Page, shown: str) -> None:
    page.get_by_text(shown).wait_for()


def test_each_visitor_has_a_kernel_of_their_own(
    voila: Voila, page: Page, browser_context: BrowserContext
) -> None:
    other = voila.open(browser_context, "cells.ipynb")
    other.wait_for_function("window.seen?.length === 1000")
    other.get_by_role("button", name="Add", exact=True).click()
    other.get_by_text("the app got 42").wait_for()
    other.close()


def test_a_download_of_a_cell_comes_with_the_page(voila: Voila, browser_context: BrowserContext) -> None:
    page = browser_context.new_page()
    with page.expect_download(timeout=60_000) as begun:
        page.goto(f"{voila.process.url}/voila/render/cells.ipynb", wait_until="domcontentloaded")
    assert begun.value.suggested_filename == "from-a-cell.txt"
    assert Path(begun.value.path()).read_text() == "hello"
    page.close()


def test_with_progressive_rendering_cells_get_values(
    progressive: Voila, browser_context: BrowserContext
) -> None:
    page = progressive.open(browser_context, "cells.ipynb")
    page.get_by_text("the cell got 1000").wait_for()
    page.get_by_role("button", name="Ask the page").click()
    page.get_by_text("the callback got 1000").wait_for()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("the app got 42").wait_for()
    page.close()


@pytest.mark.parametrize("mode", ["voila", "progressive"])
def test_the_data_explorer_saves_what_it_shows(
    mode: str, request: pytest.FixtureRequest, browser_context: BrowserContext, tmp_path: Path
) -> None:
    voila: Voila = request.getfixturevalue(mode)
    page = voila.open(browser_context, "data_explorer.ipynb")
    page.get_by_role("button", name="Nairobi", exact=True).click()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Save Nairobi.csv").click()
    page.screenshot(path=tmp_path / "data_explorer.png", full_page=True)
    page.close()
    assert Path(begun.value.path()).read_text(encoding="utf-8").startswith("day,Nairobi\n2025-01-01,")


def test_info(voila: Voila, browser_context: BrowserContext) -> None:
    voila.add(
        "test_info.ipynb",
        [
            IMPORT + info_table.CODE,
            "def app():\n    put_button('Describe', lambda: put_text(described()))\nstart_server(app)",
        ],
    )
    page = voila.open(browser_context, "test_info.ipynb")
    page.get_by_role("button", name="Describe").click()
    text = page.locator(".nbsession-text")
    text.wait_for()
    info_table.check("Voila", text.inner_text(), user=getpass.getuser())
    page.close()
