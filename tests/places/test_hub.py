"""JupyterHub: a real hub, its real proxy, two users with a server each."""

from __future__ import annotations

import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.notebook_page import NotebookPage
from tests.ports import free_port

from . import info_table
from .conftest import new_context
from .server_process import ServerProcess

PROXY = Path(__file__).parent / "proxy"
SPAWNED_WITHIN = 120.0
CONFIGURATION = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///{home}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{home}/cookie_secret"
c.ConfigurableHTTPProxy.command = ["{node}", "{proxy}"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.ConfigurableHTTPProxy.pid_file = "{home}/proxy.pid"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = {{"ada", "ben"}}
c.DummyAuthenticator.password = "{password}"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{home}/{{username}}"
c.Spawner.cmd = ["{singleuser}"]
c.Spawner.args = ["--allow-root", "--LabApp.expose_app_in_browser=True"]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
c.Spawner.env_keep = ["PATH", "LANG", "PYDEVD_DISABLE_FILE_VALIDATION"]
"""


class Hub:
    """A running hub."""

    def __init__(self, python: str, home: Path) -> None:
        self.home = home
        self.password = uuid.uuid4().hex
        port = free_port()
        node = shutil.which("node")
        assert node is not None, "python3 tools/programs.py node"
        # Its own and its servers' programs are found by absolute names: PATH need not have them.
        configuration = CONFIGURATION.format(
            port=port,
            hub_port=free_port(),
            api_port=free_port(),
            home=home,
            node=node,
            proxy=PROXY / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy",
            password=self.password,
            singleuser=Path(python).with_name("jupyterhub-singleuser"),
        )
        (home / "jupyterhub_config.py").write_text(configuration)
        self.process = ServerProcess([python, "-m", "jupyterhub", "-f", "jupyterhub_config.py"], port, home)


class HubUser:
    """A user's server, as far as `NotebookPage` needs one."""

    def __init__(self, hub: Hub, name: str, context: BrowserContext) -> None:
        self.name = name
        self.context = context
        self.root = hub.home / name
        self.root.mkdir(exist_ok=True)
        self.hub_url = hub.process.url
        self.url = f"{hub.process.url}/user/{name}/"
        self._log_in(hub.password)
        self._spawn()

    def _log_in(self, password: str) -> None:
        request = self.context.request
        request.get(f"{self.hub_url}/hub/login")
        [token] = {cookie["value"] for cookie in self.context.cookies() if cookie["name"] == "_xsrf"}
        form: dict[str, str | float | bool] = {"username": self.name, "password": password, "_xsrf": token}
        answer = request.post(f"{self.hub_url}/hub/login?next=%2Fhub%2Fspawn", form=form)
        assert answer.ok, answer.text()

    def _spawn(self) -> None:
        """Wait until the server answers: until then the hub leads to a page that says to wait."""
        deadline = time.monotonic() + SPAWNED_WITHIN
        while not self.context.request.get(f"{self.url}lab").url.startswith(self.url):
            assert time.monotonic() < deadline, f"no server for {self.name}"
            time.sleep(0.2)

    def page_url(self, path: str, workspace: str) -> str:
        return f"{self.url}lab/workspaces/{workspace}/tree/{path}"

    def start_kernel(self, path: str) -> None:
        """The page starts it."""

    def whoami(self, of: str, headers: dict[str, str] | None = None) -> Any:
        """Ask the server of a user, by this user's browser; the status if it is no success."""
        answer = self.context.request.get(
            f"{self.hub_url}/user/{of}/nbsession/whoami", headers=headers, max_redirects=0
        )
        return answer.json() if answer.ok else answer.status


@pytest.fixture(scope="module")
def hub(python_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    if not (PROXY / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=PROXY, check=True)
    hub = Hub(python_of("hub"), tmp_path_factory.mktemp("hub"))
    try:
        hub.process.wait_until_it_answers("/hub/api")
        yield hub
    finally:
        hub.process.stop()


def _user(hub: Hub, browser: Browser, name: str) -> Iterator[HubUser]:
    context = new_context(browser)
    yield HubUser(hub, name, context)
    context.close()


@pytest.fixture(scope="module")
def ada(hub: Hub, browser: Browser) -> Iterator[HubUser]:
    yield from _user(hub, browser, "ada")


@pytest.fixture(scope="module")
def ben(hub: Hub, browser: Browser) -> Iterator[HubUser]:
    yield from _user(hub, browser, "ben")


def _notebook(user: HubUser) -> Iterator[NotebookPage]:
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell("from nbsession import *")]
    path = f"shared_{uuid.uuid4().hex[:6]}.ipynb"
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), user.root / path
    )
    page = NotebookPage(user.context, user, path)  # type: ignore[arg-type]
    page.run(0)
    yield page
    page.close()


@pytest.fixture(scope="module")
def adas(ada: HubUser) -> Iterator[NotebookPage]:
    yield from _notebook(ada)


@pytest.fixture(scope="module")
def bens(ben: HubUser) -> Iterator[NotebookPage]:
    yield from _notebook(ben)


def test_each_sees_their_own_name(adas: NotebookPage, bens: NotebookPage) -> None:
    names = [page.execute("print(info.user, info.user.source)") for page in (adas, bens)]
    assert names == [["ada hub"], ["ben hub"]]


def test_each_page_is_under_its_users_address(adas: NotebookPage, bens: NotebookPage) -> None:
    for page, name in ((adas, "ada"), (bens, "ben")):
        code = (
            "from urllib.parse import urlsplit\nprint(urlsplit(info.url).path, eval_js('location.pathname'))"
        )
        told, asked = page.execute(code)[0].split()
        assert told == asked
        assert told.startswith(f"/user/{name}/lab/")


def test_downloads_come_through_the_proxy(adas: NotebookPage) -> None:
    adas.execute("download('hub.bin', bytes(range(256)) * 20_000)")
    [download] = adas.wait_for_downloads(1)
    assert Path(download.path()).read_bytes() == bytes(range(256)) * 20_000


def test_nothing_is_shared(adas: NotebookPage, bens: NotebookPage) -> None:
    adas.execute("local.secret = 'of ada'; run_js('window.secret = 1'); eval_js('0')")
    assert bens.execute("print('secret' in local, eval_js('window.secret'))") == ["False None"]


def test_an_app_of_each_has_its_own_state(adas: NotebookPage, bens: NotebookPage) -> None:
    code = """
from nbsession.output import put_button, put_text
def app():
    def count():
        local.count = (local.count or 0) + 1
        put_text(f'{info.user} has counted to {local.count}')
    put_button('Count', count)
start_server(app)
"""
    for page in (adas, bens):
        page.execute(code)
    for _ in range(2):
        adas.output_area(-1).get_by_role("button", name="Count").click()
    bens.output_area(-1).get_by_role("button", name="Count").click()
    adas.wait_for_text(-1, "ada has counted to 2")
    bens.wait_for_text(-1, "ben has counted to 1")


def test_the_address_is_the_one_that_the_proxy_saw(ada: HubUser, adas: NotebookPage) -> None:
    forged = {"X-Forwarded-For": "203.0.113.7", "X-Real-Ip": "203.0.113.7"}
    assert ada.whoami("ada", forged)["address"] == "127.0.0.1"
    assert adas.execute("print(info.user_ip)") == ["127.0.0.1"]


def test_nobody_else_is_told_who_a_user_is(ben: HubUser) -> None:
    assert ben.whoami("ben")["identity"]["username"] == "ben"
    assert ben.whoami("ada") in {302, 403}


def test_no_token_of_the_hub_is_in_info(adas: NotebookPage) -> None:
    code = """
import os
from nbsession._core.current import current_session
token = os.environ["JUPYTERHUB_API_TOKEN"]
told = [repr(getattr(info, name)) for name in dir(type(info)) if not name.startswith("_")]
print(len(told) > 15, any(token in each for each in [*told, repr(current_session().page.info)]))
"""
    assert adas.execute(code) == ["True False"]


def test_info(adas: NotebookPage) -> None:
    [described] = adas.execute(info_table.CODE + "print(described())")
    info_table.check("JupyterHub", described, user="ada")
