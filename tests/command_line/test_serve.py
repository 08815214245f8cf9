"""``python -m nbsession serve``."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.server.script import Script
from tests.server.visitor import Visitor, get

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Invoke

APP = """
    from nbsession import defer_call, hold
    from nbsession.output import put_text

    def main():
        defer_call(lambda: print("deferred"))
        put_text("here")
        hold()

    def other():
        put_text("there")
"""


class Served:
    """The process."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.script = Script(APP, folder, "-m", "nbsession", "serve", "--port", "0", *options)
        self.visitors: list[Visitor] = []

    def wait_for_port(self) -> int:
        return int(self.script.wait_for_line("nbsession serves at").split(":")[2].split("/")[0])

    def visit(self, port: int, query: str = "") -> Visitor:
        visitor = Visitor(port, query)
        self.visitors.append(visitor)
        visitor.wait_for(lambda: visitor.texts)
        return visitor

    def end(self) -> None:
        for visitor in self.visitors:
            visitor.vanish()
        self.script.end()


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path, *getattr(request, "param", ()))
    yield made
    made.end()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_a_file_is_served_until_ctrl_c_which_runs_what_was_deferred(served: Served) -> None:
    port = served.wait_for_port()
    response, _ = get(port)
    visitor = served.visit(port)
    served.script.interrupt()
    assert response.status == 200
    assert served.script.wait()[-2:] == ["deferred", "nbsession has stopped"]
    assert served.script.process.returncode == 0
    visitor.wait_gone()
    assert visitor.ended == "the server was stopped"


@pytest.mark.parametrize("served", [("--debug",)], indirect=True)
def test_with_debug_changed_code_begins_anew(served: Served, tmp_path: Path) -> None:
    served.visit(served.wait_for_port())
    for time in range(1, 20):  # tornado looks twice a second, the first time only to remember
        os.utime(tmp_path / "app.py", (time, time))
        with suppress(TimeoutError):
            served.script.wait_for_line("deferred", timeout=1)
            break
    served.visit(served.wait_for_port())


@pytest.mark.usefixtures("folder")
def test_a_port_that_is_taken_is_told(folder: Path, invoke: Invoke) -> None:
    (folder / "tool.py").write_text("def main(): ...\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = invoke("serve", "--port", str(port), "tool.py")
    assert result.exit_code == 1
    expected = (
        f"Error: cannot listen on 127.0.0.1:{port}: Address already in use; choose another address with"
    )
    assert expected in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nope.py",),
        ("tool.py:nope",),
        ("--port", "70000", "tool.py"),
        ("--max-payload-size", "much", "tool.py"),
        ("--static-dir", "nowhere", "tool.py"),
        (".", "tool.py"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_ends_with_2(folder: Path, invoke: Invoke, arguments: tuple[str, ...]) -> None:
    (folder / "tool.py").write_text("def main(): ...\n")
    result = invoke("serve", *arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_code_that_fails_ends_with_1_and_with_debug_shows_its_traceback(folder: Path, invoke: Invoke) -> None:
    (folder / "tool.py").write_text("1 / 0\n")
    plain, debug = invoke("serve", "tool.py"), invoke("serve", "--debug", "tool.py")
    assert plain.exit_code == debug.exit_code == 1
    assert plain.stderr.splitlines() == [
        "Error: tool.py cannot be imported: line 1: ZeroDivisionError: division by zero"
    ]
    assert "Traceback" in debug.stderr


def test_the_options_reach_start_server(
    folder: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "tool.py").write_text("def main(): ...\n")
    given: dict[str, object] = {}
    monkeypatch.setattr("nbsession.platform.tornado.start_server", lambda _, **options: given.update(options))
    result = invoke(
        *("serve", "tool.py", "--host", "", "--open", "--allowed-host", "a", "--allowed-host", "b"),
        *(
            "--allowed-source",
            "https:",
            "--static-dir",
            ".",
            "--protocol",
            "http",
            "--trust-xheaders",
            "--max-sessions",
            "9",
        ),
    )
    assert result.exit_code == 0
    assert given == {
        "port": 8080,
        "host": "",
        "auto_open_webbrowser": True,
        "debug": False,
        "allowed_hosts": ("a", "b"),
        "allowed_origins": (),
        "allowed_sources": ("https:",),
        "static_dir": ".",
        "reconnect_timeout": 20.0,
        "session_expire_seconds": 600.0,
        "resume_on_reload": False,
        "max_sessions": 9,
        "max_payload_size": "200M",
        "trust_xheaders": True,
        "protocol": "http",
    }


def test_no_allowed_host_leaves_the_choice_to_the_server(
    folder: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "tool.py").write_text("def main(): ...\n")
    given: dict[str, object] = {}
    monkeypatch.setattr("nbsession.platform.tornado.start_server", lambda _, **options: given.update(options))
    invoke("serve", "tool.py")
    assert given["allowed_hosts"] is None


@pytest.mark.parametrize("target", [".", "apps/", "package/"])
def test_a_folder_is_a_target(
    folder: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    (folder / "apps").mkdir()
    (folder / "package").mkdir()
    (folder / "package" / "__init__.py").write_text("")
    given: dict[str, object] = {}
    monkeypatch.setattr(
        "nbsession.platform.path_deploy", lambda base, **options: given.update(options, base=base)
    )
    result = invoke("serve", target, "--no-index", "--http")
    assert result.exit_code == 0
    assert (given["base"], given["index"], given["protocol"]) == (target, False, "http")


def test_a_package_s_name_is_a_module(folder: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "shop").mkdir()
    (folder / "shop" / "__init__.py").write_text("def main(): ...\n")
    given: list[object] = []
    monkeypatch.setattr("nbsession.platform.tornado.start_server", lambda apps, **_: given.extend(apps))
    assert invoke("serve", "shop").exit_code == 0
    assert given == ["main"]


def test_help_tells_the_commands_and_examples(invoke: Invoke) -> None:
    assert "doctor" in invoke("--help").stdout
    assert "python -m nbsession serve app.py:main --port 8080" in invoke("serve", "--help").stdout
