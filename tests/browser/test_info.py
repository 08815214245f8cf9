"""``info`` of a reader in a real front end: what the page, the browser and the server's extension tell."""

from __future__ import annotations

import getpass
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from tests.places import info_table

from .test_output import change_theme

if TYPE_CHECKING:
    from .conftest import OpenNotebook
    from .jupyter_server import JupyterServer
    from .notebook_page import NotebookPage

REST = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {REST} Safari/537.36"
PHONE = f"Mozilla/5.0 (Linux; Android 10; K) {REST} Mobile Safari/537.36"


def pretend(notebook: NotebookPage, user_agent: str, **hints: Any) -> None:
    """Let the browser say that it is another one."""
    metadata = {
        "architecture": "x86",
        "mobile": False,
        "model": "",
        "fullVersionList": [{"brand": "Google Chrome", "version": "126.0.6478.127"}],
    }
    developer_tools = notebook.page.context.new_cdp_session(notebook.page)
    developer_tools.send(
        "Emulation.setUserAgentOverride",
        {"userAgent": user_agent, "userAgentMetadata": {**metadata, **hints}},
    )


@pytest.mark.any_front_end
def test_windows_11_is_told_from_windows_10(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["from nbsession import info\nprint(info.user_agent)"])
    pretend(notebook, WINDOWS, platform="Windows", platformVersion="15.0.0")
    assert notebook.run(0) == ["PC / Windows 11 / Chrome 126.0.6478"]


@pytest.mark.any_front_end
def test_a_phone_has_its_model(open_notebook: OpenNotebook) -> None:
    code = "from nbsession import info\nprint(info.user_agent, info.user_agent.is_mobile)"
    notebook = open_notebook([code])
    pretend(notebook, PHONE, platform="Android", platformVersion="14.0.0", model="Pixel 8", mobile=True)
    assert notebook.run(0) == ["Pixel 8 / Android 14 / Chrome Mobile 126.0.6478 True"]


def test_what_the_page_knows(notebook: NotebookPage) -> None:
    code = """
import zoneinfo
from nbsession import info
print(isinstance(info.timezone, zoneinfo.ZoneInfo), info.timezone)
print(info.screen, info.dark_mode)
print(info.url)
print(info.query, info.binder)
"""
    shown = notebook.execute(code)[0].splitlines()
    zone, width, height, ratio, url = notebook.page.evaluate(
        "[Intl.DateTimeFormat().resolvedOptions().timeZone, screen.width, screen.height, devicePixelRatio,"
        " location.href]"
    )
    parameters = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    parameters.pop("token", None)
    assert shown == [
        f"True {zone}",
        f"Screen(width={width}, height={height}, pixel_ratio={float(ratio)}) False",
        urllib.parse.urlsplit(url)._replace(query=urllib.parse.urlencode(parameters)).geturl(),
        f"{parameters} None",
    ]


def test_the_address_is_as_the_server_sees_it(notebook: NotebookPage) -> None:
    code = """
from nbsession import info
from nbsession._core.current import current_session
print(info.user_ip, current_session().page.info['whoami']['address'])
"""
    assert notebook.execute(code) == ["127.0.0.1 127.0.0.1"]


def test_nobody_is_told_without_a_token(jupyter_server: JupyterServer) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(jupyter_server.url + "nbsession/whoami", timeout=120)
    refused.value.close()
    assert refused.value.code == 403


def test_a_forged_address_is_not_believed(jupyter_server: JupyterServer) -> None:
    answer = jupyter_server.request(
        "GET", "nbsession/whoami", headers={"X-Forwarded-For": "203.0.113.7", "X-Real-Ip": "203.0.113.7"}
    )
    assert answer["address"] == "127.0.0.1"
    assert set(answer) == {"address", "identity", "direct"}


def test_a_user_that_the_server_made_up_is_not_the_kernels(notebook: NotebookPage) -> None:
    made_up = notebook.server.request("GET", "nbsession/whoami")["identity"]
    assert made_up["name"].startswith("Anonymous ")
    code = "import getpass\nfrom nbsession import info\ninfo.user_ip\n"
    code += "print(info.user == getpass.getuser(), info.user.source)"
    assert notebook.execute(code) == ["True os"]


def test_the_documentations_table(notebook: NotebookPage) -> None:
    [described] = notebook.execute(info_table.CODE + "print(described())")
    column = {"lab": "JupyterLab", "notebook": "Notebook 7"}[notebook.server.frontend.name]
    info_table.check(column, described, user=getpass.getuser())


def test_info_at_the_end_of_a_cell_is_a_table(notebook: NotebookPage) -> None:
    notebook.execute("from nbsession import info\ninfo")
    rows = notebook.output_area(-1).locator("tr").all_inner_texts()
    assert "user_language\ten-US" in rows


@pytest.mark.jupyterlab
def test_dark_mode_follows_the_theme(notebook: NotebookPage) -> None:
    code = "import asyncio\nfrom nbsession import info\n"
    wait = "while info.dark_mode is not {}: await asyncio.sleep(0.01)\nprint(info.dark_mode)"
    notebook.execute(code + "info.dark_mode")
    try:
        change_theme(notebook, "JupyterLab Dark")
        dark = notebook.execute(wait.format("True"))
    finally:
        change_theme(notebook, "JupyterLab Light")
    assert (dark, notebook.execute(wait.format("False"))) == (["True"], ["False"])


def test_an_address_that_code_has_changed_is_known_at_once(notebook: NotebookPage) -> None:
    code = """
from nbsession import eval_js, info
address = eval_js("location.href")
eval_js("history.replaceState(history.state, '', location.pathname + '?here=1')")
print(info.query)
eval_js("history.replaceState(history.state, '', address)", address=address)
"""
    assert notebook.execute(code)[0] == "{'here': '1'}"


def test_a_notebook_that_is_renamed_has_its_new_path(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["from nbsession import info\ninfo.timezone\nprint(info.notebook)"])
    [before] = notebook.run(0)
    notebook.save()
    renamed = f"renamed {notebook.path}"
    notebook.page.evaluate(
        "([from, to]) => jupyterapp.serviceManager.contents.rename(from, to)", [notebook.path, renamed]
    )
    notebook.path = renamed
    wait = f"import asyncio\nwhile {renamed!r} not in info.notebook: await asyncio.sleep(0.01)\n"
    [after] = notebook.execute(wait + "print(info.notebook)")
    assert after == before.replace(before.rpartition("/")[2], renamed)
