"""Direct sockets through a real Jupyter server: used, lost, refused, and not there."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError, websocket_connect

from .jupyter_server import JupyterServer

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from .conftest import OpenNotebook
    from .jupyter_server import Frontend
    from .notebook_page import NotebookPage

ON = "import os; os.environ['NBSESSION_TRANSPORT'] = 'auto'\n"
IMPORT = ON + "from nbsession import *\n"
# Ends with the transport of the page once its socket is open, or after some seconds.
SETTLED = """
import time
def settled(wanted="websocket"):
    deadline = time.monotonic() + 10
    while info.transport != wanted and time.monotonic() < deadline:
        eval_js("0")
        time.sleep(0.01)
    return info.transport
"""
FIRST = IMPORT + SETTLED + "print(settled())"
# The direct sockets of the page, for tests that cut them; with `other`, they lead to another address.
WATCH = """(other) => {
  const { WebSocket } = window;
  window.direct = [];
  window.WebSocket = class extends WebSocket {
    constructor(url, ...rest) {
      const direct = String(url).includes("nbsession/channel");
      super(direct && other ? String(url).replace(/channel\\/[^?]*/, other) : url, ...rest);
      if (direct) window.direct.push(this);
    }
  };
}"""
CUT = "() => window.direct.at(-1)?.close()"
ELSEWHERE = "This session runs in another window"
COMMANDS, EVALS, CUTS = 100_000, 1000, 100


def noise(notebook: NotebookPage) -> list[str]:
    """Return what the page has complained of that can be about sockets."""
    said = [message.text for message in notebook.console if message.type in {"error", "warning"}]
    return [text for text in said if "nbsession" in text or "WebSocket" in text]


def test_values_use_the_socket(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([FIRST])
    assert notebook.run(0) == ["websocket"]
    sent = """
import nbsession._jupyter.shell.iopub as iopub
published, send = [], iopub.Publisher.send
iopub.Publisher.send = lambda *args, **kwargs: (published.append(1), send(*args, **kwargs))[1]
print([eval_js("i", i=i) for i in range(100)] == list(range(100)), len(published))
iopub.Publisher.send = send
"""
    assert notebook.execute(sent) == ["True 0"]
    assert noise(notebook) == []


@pytest.mark.parametrize(
    ("commands", "evals", "cuts"),
    [(5000, 50, 8), pytest.param(COMMANDS, EVALS, CUTS, marks=pytest.mark.at_length)],
)
def test_a_socket_that_is_cut_loses_repeats_and_reorders_nothing(
    open_notebook: OpenNotebook, commands: int, evals: int, cuts: int
) -> None:
    notebook = open_notebook(
        [
            FIRST,
            f"""
good = 0
for number in range({commands}):
    run_js("if (number !== (window.next ?? 0)) window.wrong = true; window.next = number + 1", number=number)
    if number % {commands // evals} == 0: good += eval_js("number", number=number) == number
print(good, eval_js("[window.next, window.wrong]"))
""",
        ]
    )
    notebook.page.evaluate(WATCH, "")
    assert notebook.run(0) == ["websocket"]
    seed = random.randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    notebook.run(1, wait=False)
    notebook.wait_for("() => window.next > 0")
    done = 0
    while done < cuts and notebook.page.evaluate("path => !harness.idle(path)", notebook.path):
        notebook.page.evaluate(CUT)
        done += 1
        notebook.page.wait_for_timeout(chance.uniform(10, 200))
    notebook.wait_idle(timeout=400)
    assert notebook.text(1) == f"{evals} [{commands}, None]"
    assert done == cuts if commands == COMMANDS else done > 0
    print("cuts", done)


def test_after_a_cut_the_page_returns_to_the_socket(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([FIRST, "print(eval_js('2'))", "print(settled())"])
    notebook.page.evaluate(WATCH, "")
    notebook.run(0)
    notebook.page.evaluate(CUT)
    assert notebook.run(1) == ["2"]
    assert notebook.run(2) == ["websocket"]
    assert notebook.page.evaluate("window.direct.length") == 2


def test_where_the_socket_is_refused_the_comm_is_used(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(
        [IMPORT + "print(eval_js('1'), info.user_ip)", "print(eval_js('2'), info.transport)"]
    )
    notebook.page.evaluate(WATCH, "nowhere/")
    assert notebook.run(0) == ["1 127.0.0.1"]
    notebook.wait_for("() => window.direct.length === 1 && window.direct[0].readyState === WebSocket.CLOSED")
    assert notebook.run(1) == ["2 comm"]


def test_without_the_variable_the_comm_is_used(open_notebook: OpenNotebook) -> None:
    code = "from nbsession import *\nprint(eval_js('1'), info.user_ip)"
    notebook = open_notebook([code, "print(info.transport)"])
    notebook.page.evaluate(WATCH, "")
    assert notebook.run(0) == ["1 127.0.0.1"]
    assert notebook.run(1) == ["comm"]
    assert notebook.page.evaluate("window.direct.length") == 0


def test_two_pages_each_in_its_own_way(open_notebook: OpenNotebook) -> None:
    shown = ON + "from nbsession.output import put_text\nput_text('shown')\n"
    first = open_notebook([shown + FIRST, "print(eval_js('1'), info.transport)"])
    assert first.run(0)[-1] == "websocket"
    first.save()
    second = open_notebook(path=first.path)
    second.page.evaluate(WATCH, "nowhere/")
    second.wait_for_text(0, ELSEWHERE)
    second.page.bring_to_front()
    assert second.run(1) == ["1 comm"]
    first.page.bring_to_front()
    assert first.run(1) == ["1 websocket"]


def test_a_restarted_kernel_has_a_new_socket(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([FIRST])
    notebook.run(0)
    notebook.restart()
    assert notebook.run(0) == ["websocket"]


def test_a_reloaded_page_has_a_new_socket(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([FIRST, "print(settled())"])
    notebook.run(0)
    notebook.save()
    notebook.reload()
    assert notebook.run(1) == ["websocket"]


@pytest.mark.any_front_end
def test_without_the_servers_extension_the_comm_is_used_without_a_word(
    browser_context: Any, frontend: Frontend, tmp_path: Path
) -> None:
    from .notebook_page import NotebookPage  # noqa: PLC0415

    python = os.environ.get("NBSESSION_TEST_PYTHON", sys.executable)
    options = ["--ServerApp.jpserver_extensions={'nbsession.server_extension': False}"]
    server = JupyterServer(
        python, os.environ.get("NBSESSION_TEST_KERNEL_PYTHON", python), frontend, tmp_path, options=options
    )
    try:
        server.wait_until_started()
        code = IMPORT + "print(eval_js('1'), info.user_ip, info.transport)"
        cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": code, "outputs": []}
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = {"cells": [{**cell, "execution_count": None}], "metadata": {"kernelspec": kernel}}
        (server.root / "a.ipynb").write_text(json.dumps({**notebook, "nbformat": 4, "nbformat_minor": 5}))
        page = NotebookPage(browser_context, server, "a.ipynb")
        page.page.evaluate(WATCH, "")
        assert page.run(0) == ["1 127.0.0.1 comm"]
        assert page.page.evaluate("window.direct.length") == 0
        assert noise(page) == []
        page.close()
    finally:
        server.stop()


# -- who is refused --------------------------------------------------------------------------


def kernel_of(server: JupyterServer, notebook: NotebookPage) -> str:
    """Return the id of a notebook's kernel."""
    [kernel_id] = [
        each["kernel"]["id"]
        for each in server.request("GET", "api/sessions")
        if each["path"] == notebook.path
    ]
    return str(kernel_id)


async def opened(server: JupyterServer, kernel_id: str, *, token: str | None, **headers: str) -> Any:
    """Open a direct socket as a program, and return it."""
    query = "" if token is None else f"&token={token}"
    url = f"{server.url.replace('http', 'ws', 1)}nbsession/channel/{kernel_id}?session_id=a{query}"
    return await websocket_connect(HTTPRequest(url, headers=headers))


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine beside playwright's loop, which is this thread's."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def end(socket: Any) -> None:
    """Close a socket at once, whether or not the other end reads."""
    stream = socket.stream
    socket.close()
    stream.close()


def status_of(server: JupyterServer, kernel_id: str, *, token: str | None, **headers: str) -> int:
    """Return the status with which the server answers; 101 if the socket opens."""

    async def ask() -> int:
        try:
            socket = await opened(server, kernel_id, token=token, **headers)
        except HTTPClientError as error:
            return error.code
        end(socket)
        return 101

    return int(run(ask()))


def answer_to(server: JupyterServer, kernel_id: str, message: str) -> object:
    """Return what the kernel answers to a first message; None if it closes the socket."""

    async def ask() -> object:
        socket = await opened(server, kernel_id, token=server.token)
        try:
            await socket.write_message(message)
            return await asyncio.wait_for(socket.read_message(), 20)
        except (StreamClosedError, WebSocketClosedError):
            return None
        finally:
            end(socket)

    return run(ask())


@pytest.fixture
def listening(open_notebook: OpenNotebook) -> NotebookPage:
    """A notebook whose kernel listens."""
    notebook = open_notebook([FIRST])
    notebook.run(0)
    return notebook


def test_only_who_may_use_the_kernel_is_let_in(listening: NotebookPage) -> None:
    server = listening.server
    kernel_id = kernel_of(server, listening)
    token, other = server.token, "00000000-0000-4000-8000-000000000000"
    assert status_of(server, kernel_id, token=token) == 101
    assert status_of(server, kernel_id, token=None) == 403
    assert status_of(server, kernel_id, token="wrong") == 403
    cookies = listening.page.context.cookies(server.url)
    cookie = "; ".join(f"{each['name']}={each['value']}" for each in cookies)
    own = server.url.rstrip("/")
    assert status_of(server, kernel_id, token=None, Cookie=cookie, Origin=own) == 101
    assert status_of(server, kernel_id, token=None, Cookie=cookie, Origin="https://elsewhere.example") == 403
    assert status_of(server, other, token=token) == 404


def test_a_kernel_that_does_not_listen_is_not_there(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["1"])
    notebook.run(0)
    assert (
        status_of(notebook.server, kernel_of(notebook.server, notebook), token=notebook.server.token) == 404
    )


KEYS = """
from nbsession._core.current import current_session, runtime
page = current_session().page
print(page.context, runtime.platform.direct_sockets.keys.issue(page.context))
"""


def test_keys_are_those_of_one_page_of_one_kernel_and_used_once(
    listening: NotebookPage, open_notebook: OpenNotebook
) -> None:
    other = open_notebook([FIRST])
    other.run(0)
    context, key = listening.execute("eval_js('0')\n" + KEYS)[0].split()
    server, proof = listening.server, json.dumps({"context": context, "key": key})
    assert answer_to(server, kernel_of(server, other), proof) is None
    assert answer_to(server, kernel_of(server, listening), json.dumps({"context": "x", "key": key})) is None
    assert answer_to(server, kernel_of(server, listening), proof) is not None
    assert answer_to(server, kernel_of(server, listening), proof) is None


def test_what_the_server_does_not_pass_on(listening: NotebookPage) -> None:
    """A message that is too long ends the socket in the server."""
    assert answer_to(listening.server, kernel_of(listening.server, listening), "x" * 3_000_000) is None
    assert listening.execute("print(eval_js('1'))") == ["1"]


STOP_READING = """
import threading
listener, go = runtime.platform.direct_sockets.listener, threading.Event()
listener.receive = lambda *_: go.wait(120)
"""


def test_a_flood_is_not_read_faster_than_the_kernel_reads(listening: NotebookPage) -> None:
    server = listening.server
    context, key = listening.execute("eval_js('0')\n" + KEYS + STOP_READING)[0].split()
    text = json.dumps({"context": context, "x": "x" * 1_000_000})

    async def flood() -> int:
        socket = await opened(server, kernel_of(server, listening), token=server.token)
        await socket.write_message(json.dumps({"context": context, "key": key}))
        await socket.read_message()
        written = 0
        with suppress(asyncio.TimeoutError):
            while written < 200:
                await asyncio.wait_for(socket.write_message(text), 3)
                written += 1
        end(socket)
        return written

    assert run(flood()) < 50
    assert listening.execute("go.set()\nprint('going on')") == ["going on"]
