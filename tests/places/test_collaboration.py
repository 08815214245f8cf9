"""Two readers of one notebook (jupyter-collaboration). Pages run its cells, or the server (jupyter-server-nbmodel)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from playwright.sync_api import Browser, BrowserContext

from tests.browser.jupyter_server import FRONTENDS, JupyterServer
from tests.browser.notebook_page import NotebookPage

from .conftest import new_context

EXECUTOR = "@datalayer/jupyter-server-nbmodel"
# Names the readers, whom a token does not: by a cookie, as an identity provider of one's own would.
IDENTITY = """
from jupyter_server.auth import IdentityProvider, User

class Readers(IdentityProvider):
    async def get_user(self, handler):
        user, name = await self._get_user(handler), handler.get_cookie("reader")
        return User(name, name, name.capitalize()) if user and name else user

c = get_config()
c.ServerApp.identity_provider_class = Readers
"""

SETUP = """
import asyncio
from nbsession import *
from nbsession import session
from nbsession.output import put_text
from nbsession._core.current import runtime
registry = runtime.platform.page_registry
async def attached(count):
    while len(registry.pages) < count: await asyncio.sleep(0.05)
async def turned_to(peer):
    def last():
        page = registry.last_touched
        return page and page.transport.peer
    # The page touched before has to hear of it: it says nothing of another touch until then.
    while last() != peer or not all(page.settled for page in registry.pages.values()): await asyncio.sleep(0.05)
eval_js("1")
await attached(2)
"""
SHOW = """
put_text('shown')
run_js('window.ran = (window.ran ?? 0) + 1')
@session.bind
def ask():
    put_text('more')
    return eval_js('window.me')
"""
ASK = "print('the cell got', eval_js('window.me'))"
ASK_IN_SESSION = "print('the session got', ask())"
# Where each of these cells is in the notebook. The last one is for what a test writes.
SHOWING, ONE, TWO, ASKING, IN_SESSION, SPARE = range(1, 7)
CELLS = (SETUP, SHOW, "put_text('of cell one')", "put_text('of cell two')", ASK, ASK_IN_SESSION, "")

Readers = tuple[NotebookPage, NotebookPage]


@contextmanager
def serving(python: str, home: Path, *, disabled: tuple[str, ...] = ()) -> Iterator[JupyterServer]:
    (home / "identity.py").write_text(IDENTITY)
    options = (f"--config={home / 'identity.py'}",)
    server = JupyterServer(python, python, FRONTENDS["lab"], home, options=options, disabled=disabled)
    try:
        server.wait_until_started()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server(
    python_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JupyterServer]:
    """Pages run cells, by their own connections to the kernel."""
    home = tmp_path_factory.mktemp("collaboration")
    with serving(python_of("collaboration"), home, disabled=(EXECUTOR,)) as server:
        yield server


@pytest.fixture(scope="module")
def executor(
    python_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JupyterServer]:
    """Pages ask the server to run cells."""
    with serving(python_of("collaboration"), tmp_path_factory.mktemp("executor")) as server:
        yield server


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """The browsers of two people."""
    contexts = {name: new_context(browser) for name in ("ada", "ben")}
    for name, context in contexts.items():
        context.add_cookies([{"name": "reader", "value": name, "domain": "127.0.0.1", "path": "/"}])
    yield contexts
    for context in contexts.values():
        context.close()


@contextmanager
def reading(server: JupyterServer, contexts: dict[str, BrowserContext]) -> Iterator[Readers]:
    """Have both open a new notebook, whose first cell Ada runs."""
    path = f"shared_{uuid.uuid4().hex[:6]}.ipynb"
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})
    nbformat.write(notebook, server.root / path)
    # A reader is shown no widgets in cells that another one runs, unless the notebook is trusted.
    NotebookNotary(data_dir=str(server.root.with_name("data"))).sign(notebook)
    ada, ben = (NotebookPage(context, server, path) for context in contexts.values())
    for page in (ada, ben):
        page.page.evaluate("window.me = Math.random()")
    ada.run(0)
    yield ada, ben
    ada.close()
    ben.close()
    server.shut_down_kernel(path)


@pytest.fixture(scope="module")
def readers(server: JupyterServer, contexts: dict[str, BrowserContext]) -> Iterator[Readers]:
    """Ada and Ben, who read a notebook whose cells their pages run."""
    with reading(server, contexts) as readers:
        yield readers


@pytest.fixture(scope="module")
def served_readers(executor: JupyterServer, contexts: dict[str, BrowserContext]) -> Iterator[Readers]:
    """The same, and the server runs its cells."""
    with reading(executor, contexts) as readers:
        yield readers


def elsewhere(name: str) -> str:
    return f"This session runs in another window: {name}, "


def me(page: NotebookPage) -> str:
    return str(page.page.evaluate("window.me"))


def use_here(page: NotebookPage) -> None:
    page.output_area(SHOWING).get_by_role("button", name="Use here").click()
    page.wait_for_text(SHOWING, "shown")


def turn_to(page: NotebookPage) -> None:
    """Click on the page, and wait until Python knows."""
    page.cell(SPARE).click()
    page.set_source(SPARE, f"await turned_to({page.page.evaluate('p => harness.clientId(p)', page.path)!r})")
    page.run(SPARE)


def test_a_cell_acts_on_the_page_that_ran_it(readers: Readers) -> None:
    ada, ben = readers
    for page in (ada, ben, ada):
        page.run(ASKING)
        page.wait_for_text(ASKING, f"the cell got {me(page)}")


def test_the_other_reader_sees_where_a_session_runs_and_takes_it_over(readers: Readers) -> None:
    ada, ben = readers
    ada.run(SHOWING)
    ada.wait_for_text(SHOWING, "shown")
    ben.wait_for_text(SHOWING, elsewhere("Ada"))
    ada.wait_for("() => window.ran === 1")
    use_here(ben)
    ada.wait_for_text(SHOWING, elsewhere("Ben"))
    ada.run(IN_SESSION)
    ada.wait_for_text(IN_SESSION, f"the session got {me(ben)}")
    assert ben.page.evaluate("window.ran") is None, "what the first page has run"
    ben.wait_for_text(SHOWING, "more")


@pytest.mark.parametrize("which", ["server", "executor"])
def test_when_a_reader_closes_the_page_the_other_goes_on(
    which: str, contexts: dict[str, BrowserContext], request: pytest.FixtureRequest
) -> None:
    with reading(request.getfixturevalue(which), contexts) as (ada, ben):
        turn_to(ada)
        ada.run(SHOWING)
        ben.wait_for_text(SHOWING, elsewhere("Ada"))
        ada.wait_for("() => window.ran === 1")
        ben.set_source(SPARE, "registry.return_within = 1.0")
        ben.run(SPARE)
        ada.close()
        ben.wait_for_text(SHOWING, "shown")
        ben.run(IN_SESSION)
        ben.wait_for_text(IN_SESSION, f"the session got {me(ben)}")
        assert ben.page.evaluate("window.ran") is None, "what the first page has run"


def test_what_the_server_runs_acts_on_the_page_that_was_touched_last(served_readers: Readers) -> None:
    """Whoever has asked the server: it does not say."""
    ada, ben = served_readers
    for page in (ada, ben, ada):
        turn_to(page)
        ben.run(ASKING)
        ben.wait_for_text(ASKING, f"the cell got {me(page)}")


def test_each_cell_that_the_server_runs_has_a_session_of_its_own(served_readers: Readers) -> None:
    ada, ben = served_readers
    turn_to(ada)
    for cell, text in ((ONE, "of cell one"), (TWO, "of cell two")):
        ada.run(cell)
        ada.wait_for_text(cell, text)
        ben.wait_for_text(cell, elsewhere("Ada"))


def test_what_the_server_runs_can_be_taken_over(served_readers: Readers) -> None:
    ada, ben = served_readers
    turn_to(ada)
    ada.run(SHOWING)
    ben.wait_for_text(SHOWING, elsewhere("Ada"))
    ada.wait_for("() => window.ran === 1")
    use_here(ben)
    ada.wait_for_text(SHOWING, elsewhere("Ben"))
    ada.run(IN_SESSION)
    ada.wait_for_text(IN_SESSION, f"the session got {me(ben)}")
    assert ben.page.evaluate("window.ran") is None, "what the first page has run"
