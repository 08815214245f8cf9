"""The examples of the original's documentation, as written but for the imports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import OpenNotebook
    from .notebook_page import NotebookPage

IMPORT = (
    "from nbsession.session import *\nfrom nbsession.output import *\nfrom nbsession import start_server\n"
)


def click(notebook: NotebookPage, label: str, index: int = -1) -> None:
    """Click a button in a cell's output."""
    notebook.output_area(index).get_by_role("button", name=label, exact=True).click()


def test_download(notebook: NotebookPage) -> None:
    notebook.execute(
        IMPORT + "put_button('Click to download', lambda: download('hello-world.txt', b'hello world!'))"
    )
    click(notebook, "Click to download")
    [download] = notebook.wait_for_downloads(1)
    assert download.suggested_filename == "hello-world.txt"
    assert Path(download.path()).read_bytes() == b"hello world!"


def test_run_js(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "run_js('console.log(a + b)', a=1, b=2)\neval_js('0')")
    assert "3" in [message.text for message in notebook.console]


def test_eval_js(notebook: NotebookPage) -> None:
    code = """
current_url = eval_js("window.location.href")

function_res = eval_js('''(function(){
    var a = 1;
    a += b;
    return a;
})()''', b=100)

promise_res = eval_js('''new Promise(resolve => {
    setTimeout(() => {
        resolve('Returned inside callback.');
    }, 2000);
});''')
print(current_url, function_res, promise_res)
"""
    shown = notebook.execute(IMPORT + code)
    assert shown[0] == f"{notebook.page.url} 101 Returned inside callback."


def test_local(notebook: NotebookPage) -> None:
    code = """
local.name = "Wang"
local.age = 22
assert local.foo is None
local[10] = "10"

for key in local:
    print(key)

assert 'bar' not in local
assert 'name' in local

print(local._dict)
"""
    notebook.execute(IMPORT + "local._dict.clear()")
    shown = notebook.execute(IMPORT + code)
    second = notebook.execute("local.age is local['age'], len(local), local[10]")
    assert shown[0].splitlines() == ["name", "age", "10", "{'name': 'Wang', 'age': 22, 10: '10'}"]
    assert second[0] == "(True, 3, '10')"


COUNTERS = {
    "by local": """
def add():
    local.cnt = (local.cnt or 0) + 1

def show():
    put_text(local.cnt or 0)

def main():
    put_buttons(['Add counter', 'Show counter'], [add, show])
""",
    "by parameters": """
from functools import partial
def add(cnt):
    cnt[0] += 1

def show(cnt):
    put_text(cnt[0])

def main():
    cnt = [0]  # Trick: to pass by reference
    put_buttons(['Add counter', 'Show counter'], [partial(add, cnt), partial(show, cnt)])
""",
    "by a closure": """
def main():
    cnt = 0

    def add():
        nonlocal cnt
        cnt += 1

    def show():
        put_text(cnt)

    put_buttons(['Add counter', 'Show counter'], [add, show])
""",
}


@pytest.mark.parametrize("code", COUNTERS.values(), ids=COUNTERS)
def test_the_counter(notebook: NotebookPage, code: str) -> None:
    notebook.execute(IMPORT + code + "start_server(main)")
    for label in ("Show counter", "Add counter", "Add counter", "Show counter"):
        click(notebook, label)
    texts = notebook.output_area(-1).locator(".nbsession-text")
    texts.nth(1).wait_for()
    assert texts.all_inner_texts() == ["0", "2"]


def test_defer_call(notebook: NotebookPage) -> None:
    code = """
@defer_call
def cleanup():
    global cleaned_up
    cleaned_up = True
"""
    notebook.execute(IMPORT + code)
    notebook.run(-1)
    assert notebook.execute("cleaned_up") == ["True"]


def test_set_env(notebook: NotebookPage) -> None:
    notebook.execute(IMPORT + "set_env(title='Awesome PyWebIO!!', output_animation=False)\nput_text('shown')")
    assert notebook.output_area(-1).get_by_role("heading", name="Awesome PyWebIO!!").is_visible()


def test_run_asyncio_coroutine(notebook: NotebookPage) -> None:
    code = """
import asyncio

async def app():
    put_text('hello')
    await run_asyncio_coroutine(asyncio.sleep(1))
    put_text('world')

start_server(app)
"""
    notebook.execute(IMPORT + code)
    notebook.wait_for_text(-1, "world")
    assert notebook.output_area(-1).locator(".nbsession-text").all_inner_texts() == ["hello", "world"]


def test_local_needs_no_browser(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([IMPORT + "local.a = 1; del local.a; print('a' in local, local._dict)"])
    assert notebook.run(0) == ["False {}"]
    assert notebook.page.evaluate("globalThis[Symbol.for('nbsession')]") is None


def test_info(notebook: NotebookPage) -> None:
    code = """
import json
from nbsession.session import info as session_info

put_code(json.dumps({
    k: str(getattr(session_info, k))
    for k in ['user_agent', 'user_language', 'server_host',
              'origin', 'user_ip', 'backend', 'protocol', 'request']
}, indent=4), 'json')
"""
    notebook.execute(IMPORT + code)
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
    code = """
import threading
from nbsession import eval_js, register_thread
results = []
thread = threading.Thread(target=lambda: results.append(eval_js("1 + 1")))
register_thread(thread)
register_thread(thread)
thread.start()
while thread.is_alive():
    eval_js("0")
print(results)
"""
    assert notebook.execute(code) == ["[2]"]
